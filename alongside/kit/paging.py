"""Opaque cursors for lists ordered by a time and an id."""

from __future__ import annotations

import base64
from datetime import datetime
from uuid import UUID

import msgspec


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """The last row of a page."""

    at: datetime
    id: UUID


def write_cursor(cursor: Cursor) -> str:
    """The cursor as text for a URL."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """Raises `ValueError` for anything `write_cursor` did not make."""
    try:
        padded = text + "=" * (-len(text) % 4)
        cursor = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=Cursor)
    except (msgspec.DecodeError, ValueError) as error:
        raise ValueError("not a cursor") from error
    if cursor.at.tzinfo is None:
        raise ValueError("not a cursor")
    return cursor
