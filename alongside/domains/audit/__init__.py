"""The audit log: who did what, read, exported, and forgotten after a set time.

It writes nothing by itself: deeds are kept in the transaction of what was done (`platform/deeds.py`), and what agents
do in conversations stands in the conversations' own logs, where it is read. Refuses to be changed.
"""
