"""The visitors' door: the only routes and the only socket that an anonymous visitor can call.

One folder to audit. Its shapes cannot express a note, an assignment or a status, so a leak does not type-check.
"""
