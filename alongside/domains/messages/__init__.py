"""Messages and notes: the texts and files in a conversation's log, written exactly once.

Owns the one statement that writes them. A message is seen by the visitor and the team, a note by the team alone.
"""
