"""API keys: how other programs come in, each with an account of its own that is no person.

Announces that the directory changed. Refuses scopes that the maker does not hold, and keys that make keys.
"""
