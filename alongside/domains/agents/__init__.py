"""Agents, their roles and teams, and how they sign in and are present.

Announces presence, ended sessions, changed standing, changes of the directory, and the deeds that the audit log keeps.
Refuses to leave the company without an admin, to let anybody grant more than they hold, and to import half a file.
"""
