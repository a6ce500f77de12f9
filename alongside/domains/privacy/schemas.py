"""Shapes of what a person may ask for."""

from __future__ import annotations

from typing import Any

import msgspec

from alongside.domains.contacts.schemas import ConsentBrief


class Extent(msgspec.Struct, frozen=True):
    """How much is known about a contact: rows by table, only those with any."""

    rows: dict[str, int]
    messages: int
    notes: int


class PersonalFile(msgspec.Struct, frozen=True):
    """A file that was sent to or by a contact, or stands in a ticket about nobody else.

    `url` is where whoever may export it fetches it, signed in.
    """

    name: str
    media_type: str
    bytes: int
    url: str


class PersonalData(msgspec.Struct, frozen=True):
    """Everything that is known about a contact: the rows of each table that holds people's data, and their files.

    `consents` tells of the rows of the table `consent` in words: to which text they agreed.
    """

    made_at: str
    contact_id: str
    tables: dict[str, list[dict[str, Any]]]
    files: list[PersonalFile]
    consents: list[ConsentBrief]
