"""Stored files: what is uploaded is judged by its content, made inert, and kept under a random key.

Owns the table `file` and the bytes in the store. Refuses what is no picture, too large, or a bomb.
"""
