"""Every scope a key can have: the permissions of agents, and one to read what every agent may read."""

from __future__ import annotations

from alongside.platform.auth.actor import READ

SCOPES = (
    READ,
    "conversations.reply",
    "conversations.assign",
    "contacts.edit",
    "contacts.merge",
    "contacts.import",
    "contacts.export",
    "contacts.erase",
    "fields.manage",
    "labels.manage",
    "tickets.read",
    "tickets.manage",
    "textblocks.manage",
    "articles.manage",
    "agents.manage",
    "teams.manage",
    "channels.manage",
    "webhooks.manage",
)
