"""Conditions: the one language in which rules say when they hold.

Owns its kinds (one file each in `kinds`), how they are judged and explained, and what is known of a conversation
(`facts`). Announces nothing, writes nothing. Refuses to guess: what is not known neither holds nor does not hold.
The browser speaks the same language (`web/packages/conditions`); tests/conditions/vectors.json holds both together.
"""
