"""Agents, their roles and teams, and how they sign in and are present.

Announces presence, ended sessions and changes of the directory. Refuses to leave the company without an
admin, and to let anybody grant more than they hold.
"""
