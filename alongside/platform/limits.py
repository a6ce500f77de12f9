"""Budgets for doors that guessing or flooding would abuse.

They are counted in PostgreSQL, which survives restarts and is shared by all processes; sockets count in
memory. A budget is keyed by (purpose, principal, address prefix). The address must be the true one: that of
the connection, or what a configured proxy wrote into `X-Forwarded-For`.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Hashable, Sequence

import msgspec

from alongside.platform.db import Database, Work
from alongside.platform.errors import TooMany

SALTED = "(SELECT sha256(convert_to(salt::text || k, 'UTF8')) FROM rate_salt)"

# Keys are locked in one order, so that two requests never wait for each other.
SPEND = f"""
WITH wanted AS MATERIALIZED (
    SELECT k, s, {SALTED} AS key FROM unnest($1::text[], $2::float8[]) AS budget (k, s)
), spent AS (
    INSERT INTO rate_window AS w (key, ends_at)
    SELECT key, now() + make_interval(secs => s) FROM wanted ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN w.ends_at <= now() THEN 1 ELSE w.count + 1 END,
        started_at = CASE WHEN w.ends_at <= now() THEN now() ELSE w.started_at END,
        ends_at = CASE WHEN w.ends_at <= now() THEN excluded.ends_at ELSE w.ends_at END
    RETURNING key, count, extract(epoch FROM ends_at - now())::float8 AS seconds_left
)
SELECT k, count, seconds_left FROM spent JOIN wanted USING (key)
"""

GIVE_BACK = f"""
WITH held AS (
    SELECT key FROM rate_window
    WHERE key IN (SELECT {SALTED} FROM unnest($1::text[]) AS k) ORDER BY key FOR UPDATE
)
UPDATE rate_window w SET count = count - 1 FROM held WHERE w.key = held.key AND count > 0
"""

REMEMBER = f"""
INSERT INTO rate_window (key, ends_at)
SELECT {SALTED}, now() + make_interval(secs => $2) FROM (SELECT $1::text AS k)
ON CONFLICT (key) DO UPDATE SET ends_at = excluded.ends_at
"""

IS_REMEMBERED = f"""
SELECT EXISTS (SELECT FROM rate_window
               WHERE key = (SELECT {SALTED} FROM (SELECT $1::text AS k)) AND ends_at > now())
"""

SWEEP = """
DELETE FROM rate_window
WHERE key IN (SELECT key FROM rate_window WHERE ends_at < now() ORDER BY key FOR UPDATE SKIP LOCKED)
"""


class Budget(msgspec.Struct, frozen=True):
    """At most `count` tries of `purpose` within `seconds`, by one `principal` from one `prefix`."""

    purpose: str
    principal: str
    prefix: str
    count: int
    seconds: float

    @property
    def key(self) -> str:
        """Unambiguous, whatever the principal contains."""
        return msgspec.json.encode([self.purpose, self.principal, self.prefix]).decode()


def address_prefix(address: str) -> str:
    """What counts as one place: an IPv4 address, or an IPv6 /64, which is what one household gets."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


async def spend(database: Database, budgets: Sequence[Budget], message: str) -> None:
    """Take one try from every budget, before the work that it guards. Raises `TooMany` if one is used up.

    The tries are taken even then. Windows are fixed: hammering at a closed door neither opens nor extends it.
    """
    async with database.statement() as work:
        rows = await work.rows(SPEND, [b.key for b in budgets], [b.seconds for b in budgets])
    allowed = {budget.key: budget.count for budget in budgets}
    waits = [row["seconds_left"] for row in rows if row["count"] > allowed[row["k"]]]
    if waits:
        raise TooMany("too-many-tries", message, retry_after=max(1.0, *waits))


async def give_back(database: Database, budgets: Sequence[Budget]) -> None:
    """The try was legitimate: it does not count."""
    async with database.statement() as work:
        await work.run(GIVE_BACK, [budget.key for budget in budgets])


async def remember(database: Database, place: Budget) -> None:
    """This principal is known at this place, for the budget's `seconds`."""
    async with database.statement() as work:
        await work.run(REMEMBER, place.key, place.seconds)


async def is_remembered(database: Database, place: Budget) -> bool:
    """Whether `remember` was called for this principal and place, not too long ago."""
    async with database.reading() as reading:
        return bool(await reading.value(IS_REMEMBERED, place.key))


async def sweep(work: Work) -> int:
    """Forget windows that have ended. Returns how many."""
    return await work.run(SWEEP)


class Buckets:
    """A budget in memory for each of many, known by a key; whoever came first is forgotten first, beyond `most`."""

    def __init__(self, per_second: float, burst: float, most: int = 10_000) -> None:
        self._per_second = per_second
        self._burst = burst
        self._most = most
        self._known: dict[Hashable, Bucket] = {}

    def take(self, key: Hashable, now: float | None = None) -> float:
        """As `Bucket.take`, from the bucket of `key`."""
        bucket = self._known.get(key)
        if bucket is None:
            while len(self._known) >= self._most:
                self._known.pop(next(iter(self._known)))
            bucket = self._known[key] = Bucket(self._per_second, self._burst, now)
        return bucket.take(now)


class Bucket:
    """A budget in memory: `burst` at once, refilled by `per_second`. One per socket and purpose."""

    __slots__ = ("_at", "_burst", "_left", "_per_second")

    def __init__(self, per_second: float, burst: float, now: float | None = None) -> None:
        self._per_second = per_second
        self._burst = burst
        self._left = burst
        self._at = time.monotonic() if now is None else now

    def take(self, now: float | None = None, cost: float = 1) -> float:
        """Take `cost` and return 0; or take nothing and return the seconds until it will be there."""
        now = time.monotonic() if now is None else now
        self._left = min(self._burst, self._left + max(0.0, now - self._at) * self._per_second)
        self._at = now
        if self._left >= cost:
            self._left -= cost
            return 0.0
        return (cost - self._left) / self._per_second
