"""Generates `contract/` and the TypeScript shapes from the running code: the product's signature."""
