"""What a person may ask for: everything that is known about them, and that it be gone.

Both walk the register that the schema itself keeps: every table says whose data it holds (`subject=contact`), and
foreign keys say how it belongs to a contact. A table that a domain adds is exported and erased without anything to do
here.
Owns the table `erasure`. Announces that a contact was erased.
"""
