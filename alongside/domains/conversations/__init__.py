"""Conversations: one per contact and channel, with status, assignment, episodes and the numbered log.

Owns the row that every writer locks and the log's numbering. Announces status changes, assignments, seen marks.
Refuses to know what a message is: `messages` stands above.
"""
