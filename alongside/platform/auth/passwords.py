"""Passwords: argon2id, off the event loop, never more at once than the machine can bear."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import argon2

from alongside.platform.errors import Unavailable

Result = TypeVar("Result")

# OWASP's password storage cheat sheet, argon2id: 19 MiB, two passes, one lane. About 20 ms of one core.
_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# Hashed once, verified against for accounts that do not exist, so that they take as long as those that do.
_NOBODY = _HASHER.hash("the password of nobody")

# Each hash holds 19 MiB and a core: two at once and a short queue keep a flood of logins from starving chats.
_THREADS = 2
_LONGEST_QUEUE = 100
_POOL = ThreadPoolExecutor(_THREADS, thread_name_prefix="password")


async def hash_password(password: str) -> str:
    """The text to store. Raises `Unavailable` when too many are being worked on."""
    return await _off_loop(_hash, _same_everywhere(password))


async def verify(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`; None takes just as long and is always False.

    Raises `Unavailable` when too many are being worked on.
    """
    matches = await _off_loop(_matches, stored or _NOBODY, _same_everywhere(password))
    return matches and stored is not None


def is_outdated(stored: str) -> bool:
    """Whether `stored` was made with other parameters than are used today."""
    return _HASHER.check_needs_rehash(stored)


def _same_everywhere(password: str) -> str:
    """One typed text, one password, whatever the keyboard composes (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _hash(password: str) -> str:
    return _HASHER.hash(password)


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


async def _off_loop(work: Callable[..., Result], *values: str) -> Result:
    if _POOL._work_queue.qsize() >= _LONGEST_QUEUE:
        raise Unavailable("busy", "Too many people are signing in just now. Try again in a few seconds.")
    return await asyncio.get_running_loop().run_in_executor(_POOL, work, *values)
