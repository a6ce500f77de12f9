"""Every permission there is. The settings' page, docs/roles.md and the tests of all doors are made from this list.

A new one: a line here, its name in the `policy.py` of the domain that asks for it, its texts in the console's
catalogues (`permission.NAME`), its row in docs/roles.md. Tests name what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable

from alongside.domains.agents.schemas import Permission

PERMISSIONS = (
    Permission(
        name="conversations.reply",
        group="conversations",
        about="Answer visitors, write notes, set the status, take a conversation that nobody has.",
        default=True,
    ),
    Permission(
        name="conversations.assign",
        group="conversations",
        about="Give conversations to colleagues and teams.",
        default=True,
    ),
    Permission(
        name="conversations.export",
        group="conversations",
        about="Take a conversation away as a file, with notes or without.",
    ),
    Permission(
        name="contacts.edit",
        group="contacts",
        about="Correct what is known of a customer, and put labels on customers and conversations.",
        default=True,
    ),
    Permission(
        name="contacts.merge",
        group="contacts",
        about="Make one customer of two who are the same person.",
    ),
    Permission(
        name="contacts.import",
        group="contacts",
        about="Import customers from a CSV file, and change those who are there by it.",
        needs_all=True,
    ),
    Permission(
        name="contacts.export",
        group="contacts",
        about="Take the customers that one sees away as a file, and all that is known about one of them.",
    ),
    Permission(
        name="contacts.erase",
        group="contacts",
        about="Delete a customer for good, with all conversations and everything else about them.",
        needs_all=True,
    ),
    Permission(
        name="fields.manage",
        group="contacts",
        about="Decide which additional information is kept about customers.",
    ),
    Permission(
        name="labels.manage",
        group="contacts",
        about="Create, rename and delete labels for customers and conversations.",
    ),
    Permission(
        name="tickets.read",
        group="tickets",
        about="Read tickets. They tell of conversations, whoever has them.",
        default=True,
        needs_all=True,
    ),
    Permission(
        name="tickets.manage",
        group="tickets",
        about="Make, change, comment, link and export tickets, also many at once.",
        needs_all=True,
    ),
    Permission(
        name="textblocks.manage",
        group="textblocks",
        about="Create, change, import and delete the team's text blocks.",
    ),
    Permission(
        name="articles.manage",
        group="articles",
        about="Write, publish and delete articles of the help centre.",
    ),
    Permission(
        name="agents.manage",
        group="people",
        about="Invite, create, import, change and deactivate agents who may do no more than oneself.",
        needs_all=True,
    ),
    Permission(
        name="teams.manage",
        group="people",
        about="Create, change and dissolve teams.",
        needs_all=True,
    ),
    Permission(
        name="roles.manage",
        group="people",
        about="Create, change and delete roles that may do no more than one's own.",
        needs_all=True,
    ),
    Permission(
        name="security.manage",
        group="people",
        about="Decide what is asked of everybody who signs in: length of passwords, a second factor.",
        needs_all=True,
    ),
    Permission(
        name="hours.manage",
        group="channels",
        about="Say when the company is open: hours of each weekday, holidays and special days.",
    ),
    Permission(
        name="channels.manage",
        group="channels",
        about="Create channels, change their look, texts and allowed sites, and hold their identity keys.",
    ),
    Permission(
        name="rules.manage",
        group="channels",
        about="Make, try, order and delete rules: who gets a chat, how soon there is an answer, what the chat does.",
    ),
    Permission(
        name="mail.manage",
        group="channels",
        about="See to whom mail went out and what became of it, test the mail server, and say what notifications tell.",
        needs_all=True,
    ),
    Permission(
        name="reports.view",
        group="reports",
        about="See figures about all conversations and the times of all agents, and take them away as files.",
        needs_all=True,
    ),
    Permission(
        name="reports.manage",
        group="reports",
        about="Decide in which time zone reports count days.",
    ),
    Permission(
        name="integrations.manage",
        group="integrations",
        about="Make and revoke API keys, by which other programs do no more than oneself may.",
        needs_all=True,
    ),
    Permission(
        name="webhooks.manage",
        group="integrations",
        about="Decide which addresses are told what happens, and read what they were sent.",
        needs_all=True,
    ),
    Permission(
        name="chat_links.manage",
        group="integrations",
        about="Make addresses by which another system shows one customer's conversation and answers in it.",
    ),
    Permission(
        name="audit.read",
        group="audit",
        about="Read and export the audit log: who did what, over all agents.",
        needs_all=True,
    ),
    Permission(
        name="audit.manage",
        group="audit",
        about="Decide how long the audit log is kept.",
        needs_all=True,
    ),
)

NAMES = frozenset(each.name for each in PERMISSIONS)


def unknown(names: Iterable[str]) -> list[str]:
    """Those that are no permissions. The one that grants everything is none: only the Admin role has it."""
    return sorted(set(names) - NAMES)


def in_order(names: Iterable[str]) -> list[str]:
    """Each once, in the order of the list."""
    given = set(names)
    return [each.name for each in PERMISSIONS if each.name in given]


def needing_all(names: Iterable[str]) -> list[str]:
    """Those that only go with seeing every conversation."""
    given = set(names)
    return [each.name for each in PERMISSIONS if each.name in given and each.needs_all]
