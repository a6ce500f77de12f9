"""Channels: where visitors write from. A web chat of one site, with its key, look, texts and allowed origins.

Announces that a channel changed. Refuses colours that cannot be read and origins that are none.
"""
