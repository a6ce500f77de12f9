"""Targets of time: how soon there is a first answer, a later one, an end.

Owns the clocks of conversations, which follow from their logs, and what became of each target. Announces that a
conversation shows another target. Refuses to run on timers of a process: what is due is looked up in the database.
"""
