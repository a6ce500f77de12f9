"""Tickets: cases that may gather many conversations and people, with a numbered history and comments for the team.

Announces each change of a ticket and of the saved views. Refuses agents who left and teams that are gone as assignees.
Visitors never hear of any of it: no shape of the widget knows tickets.
"""
