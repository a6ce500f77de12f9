"""Text blocks: prepared answers with variables, which agents find by `#` and insert while they write.

Announces that text blocks changed. Refuses a shortcut that is taken in the same scope and language, and an import of
which any line is wrong.
"""
