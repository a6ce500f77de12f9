"""Ids and secrets."""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid


def new_id() -> uuid.UUID:
    """An id that nobody can guess (122 random bits)."""
    return uuid.uuid4()


def new_client_id() -> uuid.UUID:
    """A UUIDv7: its first 48 bits are milliseconds since 1970, so ids made later sort later (RFC 9562, 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    value = milliseconds << 80 | int.from_bytes(secrets.token_bytes(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def new_secret() -> str:
    """256 random bits, safe in headers and fragments."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is stored of a secret. A plain hash suffices: the secret has 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()
