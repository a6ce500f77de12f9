"""Transcripts: a conversation as a file, as CSV for programs and spreadsheets, as HTML and PDF for people; or by mail.

Owns the table `transcript_wish`: who wants theirs by mail when it is over. Refuses to mail what no agent has answered,
so that nobody sends texts of their own to the addresses of others. What only the team may see (notes, assignments,
status) is in a file only when asked for, and never in mail.
"""
