"""Pure helpers that know neither frameworks nor the product."""
