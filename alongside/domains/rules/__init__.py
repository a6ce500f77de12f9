"""Rules: one register of routing, SLA and action rules: name, state, order, conditions, and what then.

Owns the rules as they are written, their export and import. Announces that rules of a kind changed. Refuses to act:
what a rule does is known to the domain of its kind, above.
"""
