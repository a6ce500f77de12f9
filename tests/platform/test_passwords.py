"""Passwords."""

from __future__ import annotations

import asyncio
import statistics
import time

import pytest

from alongside.platform.auth import passwords
from alongside.platform.auth.tokens import csrf_of, looks_like_token, same
from alongside.platform.errors import Unavailable


async def test_only_the_right_one_matches() -> None:
    stored = await passwords.hash_password("correct horse")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.verify(stored, "correct horse")
    assert not await passwords.verify(stored, "Correct horse")
    assert not await passwords.verify(None, "the password of nobody")
    assert not await passwords.verify("no hash at all", "x")
    assert not passwords.is_outdated(stored)


async def test_two_keyboards_one_password() -> None:
    stored = await passwords.hash_password("Z\u00fcrich \ufb01ne")
    assert await passwords.verify(stored, "Zu\u0308rich fine")


async def test_unknown_accounts_cost_the_same() -> None:
    stored = await passwords.hash_password("correct horse")

    async def cost(of: str | None) -> float:
        started = time.process_time()  # not on the wall: others use this machine too
        await passwords.verify(of, "wrong")
        return time.process_time() - started

    pairs = [(await cost(stored), await cost(None)) for _ in range(15)]
    known, unknown = (statistics.median(side) for side in zip(*pairs, strict=True))
    assert 0.5 < known / unknown < 2


async def test_the_loop_goes_on_meanwhile_and_a_flood_is_turned_away() -> None:
    hashing = [asyncio.create_task(passwords.verify(None, "x")) for _ in range(300)]
    started = time.thread_time()
    for _ in range(20):
        await asyncio.sleep(0)
    assert time.thread_time() - started < 0.5
    results = await asyncio.gather(*hashing, return_exceptions=True)
    assert any(isinstance(result, Unavailable) for result in results)
    assert sum(result is False for result in results) >= 100
    assert not await passwords.verify(None, "x")


@pytest.mark.parametrize("given", [None, "", "0" * 64, csrf_of("b" * 43), csrf_of("a" * 43)[:-1], "é" * 64])
def test_a_wrong_proof_is_none(given: str | None) -> None:
    assert not same(given, csrf_of("a" * 43))


def test_a_proof_is_bound_to_its_session() -> None:
    assert same(csrf_of("a" * 43), csrf_of("a" * 43))
    assert len(csrf_of("a" * 43)) == 64


@pytest.mark.parametrize(
    ("text", "is_one"), [("a" * 43, True), ("a" * 42, False), ("a" * 42 + "=", False), (None, False)]
)
def test_what_looks_like_a_token(text: str | None, is_one: bool) -> None:
    assert looks_like_token(text) is is_one
