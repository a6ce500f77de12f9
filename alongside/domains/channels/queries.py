"""Everything that is asked of channels and their keys."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.channels.schemas import (
    Channel,
    ChannelDetails,
    ChannelSettings,
    IdentityKey,
    IdentityKeyBrief,
)
from alongside.platform.db import Reading, Row

COLUMNS = "c.id, c.key, c.name, c.kind, c.settings, c.allowed_origins, c.active, c.revision, c.created_at"

DETAILS = f"""
SELECT {COLUMNS}, ARRAY(
    SELECT (k.kid, k.created_at) FROM channel_identity_key k
    WHERE k.channel_id = c.id AND k.retired_at IS NULL ORDER BY k.created_at) AS identity_keys
FROM channel c
"""

CHANNELS = f"{DETAILS} ORDER BY lower(c.name), c.id"

CHANNEL_DETAILS = f"{DETAILS} WHERE c.id = $1"

CHANNEL = f"SELECT {COLUMNS} FROM channel c WHERE c.id = $1"

CHANNEL_FOR_UPDATE = f"SELECT {COLUMNS} FROM channel c WHERE c.id = $1 FOR UPDATE"

CHANNEL_BY_KEY = f"SELECT {COLUMNS} FROM channel c WHERE c.key = $1 AND c.active"

INACTIVE = "SELECT id FROM channel WHERE id = ANY($1) AND NOT active"

PICTURE_THERE = "SELECT EXISTS (SELECT FROM file WHERE id = $1 AND purpose = 'picture')"

IDENTITY_KEYS = """
SELECT kid, secret FROM channel_identity_key
WHERE channel_id = $1 AND retired_at IS NULL ORDER BY created_at DESC
"""


async def picture_there(reading: Reading, file_id: UUID) -> bool:
    """Whether there is a picture of this id, to be shown by everybody."""
    return bool(await reading.value(PICTURE_THERE, file_id))


async def channels(reading: Reading) -> list[ChannelDetails]:
    """All channels by name, with the names of their keys."""
    return [_details(row) for row in await reading.rows(CHANNELS)]


async def channel_details(reading: Reading, channel_id: UUID) -> ChannelDetails | None:
    """One channel with the names of its keys."""
    row = await reading.row(CHANNEL_DETAILS, channel_id)
    return _details(row) if row else None


async def channel(reading: Reading, channel_id: UUID) -> Channel | None:
    """One channel, active or not."""
    row = await reading.row(CHANNEL, channel_id)
    return Channel(**_fields(row)) if row else None


async def channel_for_update(reading: Reading, channel_id: UUID) -> Channel | None:
    """One channel, with its row locked."""
    row = await reading.row(CHANNEL_FOR_UPDATE, channel_id)
    return Channel(**_fields(row)) if row else None


async def channel_by_key(reading: Reading, key: str) -> Channel | None:
    """The active channel of a public key."""
    row = await reading.row(CHANNEL_BY_KEY, key.replace("\x00", ""))
    return Channel(**_fields(row)) if row else None


async def inactive(reading: Reading, channel_ids: Collection[UUID]) -> set[UUID]:
    """Those of the channels that are switched off."""
    return {row["id"] for row in await reading.rows(INACTIVE, list(channel_ids))}


async def identity_keys(reading: Reading, channel_id: UUID) -> list[IdentityKey]:
    """The keys that hold, newest first, with their secrets: for checking signatures and nothing else."""
    return [IdentityKey(**dict(row)) for row in await reading.rows(IDENTITY_KEYS, channel_id)]


def _fields(row: Row) -> dict[str, Any]:
    return {**dict(row), "settings": msgspec.convert(row["settings"], ChannelSettings)}


def _details(row: Row) -> ChannelDetails:
    fields = _fields(row)
    fields["identity_keys"] = [IdentityKeyBrief(*key) for key in row["identity_keys"]]
    return ChannelDetails(**fields)
