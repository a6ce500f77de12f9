"""Budgets in the database and in memory."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.platform import limits
from alongside.platform.db import Database
from alongside.platform.errors import TooMany
from alongside.platform.limits import Bucket, Budget, address_prefix
from tests.world import Facts, open_database

WORDS = "Enough."


def budget(principal: str = "ada", prefix: str = "192.0.2.1", count: int = 3, seconds: float = 60) -> Budget:
    return Budget("test", principal, prefix, count, seconds)


async def test_the_try_after_the_last_one_is_refused(database: Database) -> None:
    for _ in range(3):
        await limits.spend(database, [budget()], WORDS)
    with pytest.raises(TooMany, match="Enough") as refusal:
        await limits.spend(database, [budget()], WORDS)
    assert 0 < refusal.value.retry_after <= 60
    await limits.spend(database, [budget(principal="ben")], WORDS)
    await limits.spend(database, [budget(prefix="192.0.2.2")], WORDS)


async def test_parallel_tries_cannot_slip_through(database: Database) -> None:
    results = await asyncio.gather(
        *(limits.spend(database, [budget(count=5)], WORDS) for _ in range(20)), return_exceptions=True
    )
    assert sum(result is None for result in results) == 5


async def test_a_window_ends_and_hammering_does_not_extend_it(database: Database) -> None:
    for _ in range(10):
        with pytest.raises(TooMany):
            await limits.spend(database, [budget(count=0)], WORDS)
    async with database.work() as work:
        await work.run("UPDATE rate_window SET ends_at = now()")
    for _ in range(3):
        await limits.spend(database, [budget()], WORDS)
    with pytest.raises(TooMany):
        await limits.spend(database, [budget()], WORDS)


async def test_limits_survive_a_restart(database: Database, fresh_database_url: str) -> None:
    for _ in range(3):
        await limits.spend(database, [budget()], WORDS)
    async with open_database(fresh_database_url, Facts()) as reopened:
        with pytest.raises(TooMany):
            await limits.spend(reopened, [budget()], WORDS)


async def test_what_is_given_back_does_not_count(database: Database) -> None:
    for _ in range(10):
        await limits.spend(database, [budget(), budget("x")], WORDS)
        await limits.give_back(database, [budget(), budget("x")])
    await limits.give_back(database, [budget()])
    for _ in range(3):
        await limits.spend(database, [budget()], WORDS)
    with pytest.raises(TooMany):
        await limits.spend(database, [budget()], WORDS)


async def test_spending_and_giving_back_at_once_never_deadlocks(database: Database) -> None:
    pair = [budget("a", count=1_000), budget("b", count=1_000)]

    async def one(turned: bool) -> None:
        budgets = pair[::-1] if turned else pair
        for _ in range(20):
            await limits.spend(database, budgets, WORDS)
            await limits.give_back(database, budgets)

    await asyncio.gather(*(one(bool(number % 2)) for number in range(8)))


async def test_addresses_are_not_stored(database: Database) -> None:
    await limits.spend(database, [budget("ada@shop.test", "203.0.113.77")], WORDS)
    async with database.reading() as reading:
        dump = await reading.value("SELECT string_agg(w::text, '') FROM rate_window w")
    assert "203.0.113.77" not in dump
    assert b"203.0.113.77".hex() not in dump
    assert "ada@" not in dump  # the beginning alone may stand in a hash


async def test_what_is_remembered(database: Database) -> None:
    assert not await limits.is_remembered(database, budget())
    await limits.remember(database, budget())
    assert await limits.is_remembered(database, budget())
    assert not await limits.is_remembered(database, budget("ben"))
    async with database.work() as work:
        await work.run("UPDATE rate_window SET ends_at = now() - interval '1 second'")
        assert await limits.sweep(work) == 1
    assert not await limits.is_remembered(database, budget())


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_address_prefix(address: str, prefix: str) -> None:
    assert address_prefix(address) == prefix


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=2, max_size=2, unique=True))
def test_different_budgets_have_different_keys(parts: list[tuple[str, str, str]]) -> None:
    first, second = (Budget(*each, 1, 1) for each in parts)
    assert first.key != second.key


def test_a_bucket_gives_its_burst_then_refills() -> None:
    bucket = Bucket(per_second=2, burst=3, now=100.0)
    assert [bucket.take(100.0) for _ in range(3)] == [0, 0, 0]
    assert bucket.take(100.0) == 0.5
    assert bucket.take(100.25) == 0.25
    assert bucket.take(100.5) == 0
    assert [bucket.take(1_000.0) for _ in range(4)] == [0, 0, 0, 0.5]


@given(st.lists(st.floats(min_value=0, max_value=10), max_size=50), st.floats(0.1, 50), st.integers(1, 20))
def test_a_bucket_never_gives_more_than_burst_and_rate(pauses: list[float], rate: float, burst: int) -> None:
    bucket, at, given_out = Bucket(rate, burst, now=0.0), 0.0, 0
    for pause in pauses:
        at += pause
        given_out += bucket.take(at) == 0
    assert given_out <= burst + rate * at + 1e-6
