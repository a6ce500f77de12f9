"""Mail to people: letters on their way, tried again until they are gone, and a log of what became of each.

A letter is a row that says what it is about; who sends that kind writes it at the moment when it goes out
(`letters.Kind`), so no text and no link lies in the table. Owns the table `mail`. Announces nothing.
Refuses to know what any letter says: the kinds are named in `alongside/contents.py`.
"""
