"""Opaque cursors for lists. Each kind of list has its own struct; most are ordered by a time and an id."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

Place = TypeVar("Place", bound=msgspec.Struct)


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """The last row of a page."""

    at: datetime
    id: UUID


def write_cursor(cursor: Cursor) -> str:
    """The cursor as text for a URL."""
    return write_place(cursor)


def read_cursor(text: str) -> Cursor:
    """Raises `ValueError` for anything `write_cursor` did not make."""
    cursor = read_place(text, Cursor)
    if cursor.at.tzinfo is None:
        raise ValueError("not a cursor")
    return cursor


def write_place(place: msgspec.Struct) -> str:
    """The last row of a page as text for a URL."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def read_place(text: str, kind: type[Place]) -> Place:
    """Raises `ValueError` for anything `write_place` did not make of this kind."""
    try:
        padded = text + "=" * (-len(text) % 4)
        return msgspec.json.decode(base64.urlsafe_b64decode(padded), type=kind)
    except (msgspec.DecodeError, ValueError) as error:
        raise ValueError("not a cursor") from error
