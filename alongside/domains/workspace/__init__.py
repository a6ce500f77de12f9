"""The company that this deployment serves: its name, its language, the epoch of its history; and when it is open.

Announces that settings or opening hours changed. Refuses hours that overlap, and changes to hours that somebody else
has changed meanwhile.
"""
