"""Webhooks: addresses of other programs that are told what happens, signed, in order, at least once.

Announces that webhooks changed. Refuses addresses inside private networks, and tells notes only to whom asked for them.
"""
