"""How the product meets HTTP: who may call a route, how a refusal looks, which headers every answer carries."""
