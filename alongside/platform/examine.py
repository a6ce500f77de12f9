"""Looking at a database before serving from it: is it there, new enough, and does it keep its word?"""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg

from alongside.platform import migrate
from alongside.platform.problem import OperatorError
from alongside.platform.secret import Secret

OLDEST = 160_000
DURABLE = {
    "fsync": ("on",),
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
    "full_page_writes": ("on",),
}


@dataclass(frozen=True)
class Findings:
    """What was found. `weak`: settings that may lose acknowledged data; `clock_skew`: seconds ahead."""

    version: int
    encrypted: bool
    weak: dict[str, str]
    plan: migrate.Plan
    clock_skew: float
    standby: bool

    @property
    def version_text(self) -> str:
        """As people write it: `18.4`."""
        return f"{self.version // 10_000}.{self.version % 10_000}"


def examine(url: Secret) -> Findings:
    """Ask the database. Raises `OperatorError` when it cannot be reached."""
    with connect(url) as connection:
        standby = connection.execute("SELECT pg_is_in_recovery()").fetchone()
        weak = {}
        for name, accepted in DURABLE.items():
            shown = connection.execute(f"SHOW {name}".encode()).fetchone()
            value = str(shown[0]) if shown else ""
            if value not in accepted:
                weak[name] = value
        return Findings(
            version=connection.info.server_version,
            encrypted=is_encrypted(connection),
            weak=weak,
            plan=migrate.plan(connection),
            clock_skew=_clock_skew(connection),
            standby=standby == (True,),
        )


def connect(url: Secret) -> psycopg.Connection[tuple[object, ...]]:
    """A connection; says what is wrong without showing the address's password."""
    try:
        return psycopg.connect(url.reveal(), connect_timeout=10, autocommit=True)
    except psycopg.OperationalError as error:
        raise OperatorError(_explain(str(error)), exit_code=1) from None


def is_encrypted(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether the connection goes over TLS."""
    return bool(connection.pgconn.ssl_in_use)


def require_fit(findings: Findings, *, weak_allowed: bool) -> None:
    """Raise where Alongside must not serve from this database."""
    if findings.version < OLDEST:
        raise OperatorError(
            f"The database is PostgreSQL {findings.version_text}; Alongside needs 16 or newer. Upgrade it."
        )
    if findings.standby:
        raise OperatorError("The database is a standby, which takes no writes. Name the primary in database_url.")
    if findings.weak and not weak_allowed:
        settings = ", ".join(f"{name} = {value}" for name, value in findings.weak.items())
        raise OperatorError(
            f"The database may lose messages that it has acknowledged ({settings}). Turn these settings on, "
            "or set allow_weak_durability = true if you accept that."
        )
    migrate.check(findings.plan)


def _clock_skew(connection: psycopg.Connection[tuple[object, ...]]) -> float:
    """How far the database's clock is ahead of ours, in seconds, less the time of asking."""
    before = time.time()
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    after = time.time()
    theirs = float(str(row[0])) if row else before
    return theirs - after if theirs > after else min(0.0, theirs - before)


def _explain(said: str) -> str:
    hints = {
        "password authentication failed": "The database refused the user or password. Correct database_url.",
        "no password supplied": "The database wants a password. Add it to database_url.",
        "does not exist": "There is no such database or user. Create it, or correct database_url.",
        "too many": "The database has no connection left. Raise its max_connections, or use fewer workers.",
        "starting up": "The database is still starting. Try again in a moment.",
        "SSL": "The database and Alongside do not agree on encryption. See sslmode in database_url.",
    }
    for sign, hint in hints.items():
        if sign in said:
            return hint
    last = said.strip().splitlines()[-1] if said.strip() else "no answer"
    return f"The database cannot be reached ({last}). Check that it runs and that database_url is right."
