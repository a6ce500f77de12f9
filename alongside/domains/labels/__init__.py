"""Labels: marks that contacts and conversations can carry, each with a name and one of a few colours.

Owns the definitions. Announces that they changed. Refuses to know who carries one, but for taking it away everywhere.
"""
