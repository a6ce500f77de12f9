"""Stored files: what is uploaded is judged by its content, made inert, and kept under a random key.

Profile pictures, and attachments: files that come in parts, are judged once whole, and are then carried by one message,
one comment of a ticket or one text block.
Owns the tables `file`, `attachment`, `attachment_part`, `entry_attachment` and `doomed_file`, and the bytes in the
store. Refuses what is too large, of a kind that may not be sent, a bomb, or more than a visitor's share.
"""
