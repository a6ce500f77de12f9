"""Fields: what a company wants to know of its customers, the console's Additional information.

Owns the definitions and what a value of each kind must look like. Announces that definitions changed. Refuses to know
anybody's values: those are kept with the contact.
"""
