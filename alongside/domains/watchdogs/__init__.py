"""Watchdogs: nobody online, a long queue, a long wait, a site without its widget; whom it concerns is told once.

Owns what is watched over and how it stands. Announces that a watchdog, or how it stands, changed. Refuses to keep time
in a process: each check asks the database, and an alarm is raised, and told, in one transaction.
"""
