"""Contacts: the people who write, how we know them (identities), and where they are (visits, page views)."""
