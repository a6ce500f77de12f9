"""Transcripts: a conversation as a file, as CSV for programs and spreadsheets, as HTML and PDF for people.

Owns nothing and writes nothing. What only the team may see (notes, assignments, status) is in it only when asked for.
"""
