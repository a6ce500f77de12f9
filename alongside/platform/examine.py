"""Looking at a database before serving from it: is it there, new enough, and does it keep its word?"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass

import psycopg

from alongside.platform import migrate
from alongside.platform.config import Config
from alongside.platform.problem import OperatorError
from alongside.platform.secret import Secret

OLDEST = 160_000
DURABLE = {
    "fsync": ("on",),
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
    "full_page_writes": ("on",),
}
SERVERS = """
SELECT DISTINCT application_name FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'alongside %:%'
"""


@dataclass(frozen=True)
class Findings:
    """What was found. `weak`: settings that may lose acknowledged data; `clock_skew`: seconds ahead.

    `servers`: who serves from it now, by `server_name`.
    """

    version: int
    encrypted: bool
    weak: dict[str, str]
    plan: migrate.Plan
    clock_skew: float
    standby: bool
    encoding: str
    servers: frozenset[str] = frozenset()

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
            servers=frozenset(str(row[0]) for row in connection.execute(SERVERS)),
            encoding=str(connection.info.parameter_status("server_encoding")),
        )


def connect(url: Secret) -> psycopg.Connection[tuple[object, ...]]:
    """A connection; says what is wrong without showing the address's password."""
    try:
        return psycopg.connect(url.reveal(), connect_timeout=10, autocommit=True)
    except psycopg.OperationalError as error:
        raise OperatorError(explain(str(error)), exit_code=1) from None


def is_encrypted(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether the connection goes over TLS."""
    return bool(connection.pgconn.ssl_in_use)


def server_name(config: Config) -> str:
    """How a server of these settings calls itself at the database: machine and port, so that no two are the same."""
    return f"alongside {socket.gethostname()[:40]}:{config.port}"


def strangers(findings: Findings, config: Config) -> str:
    """A warning where other servers use the database and could not hear from this one; empty if all is well."""
    others = sorted(findings.servers - {server_name(config)})
    if config.nats_url is not None or not others:
        return ""
    places = ", ".join(each.removeprefix("alongside ") for each in others)
    return (
        f"Another Alongside uses this database ({places}), and without a common nats_url messages reach the people "
        "of the other server only seconds later."
    )


def require_fit(findings: Findings, *, weak_allowed: bool) -> None:
    """Raise where Alongside must not serve from this database."""
    if findings.version < OLDEST:
        raise OperatorError(
            f"The database is PostgreSQL {findings.version_text}; Alongside needs 16 or newer. Upgrade it."
        )
    if findings.standby:
        raise OperatorError("The database is a standby, which takes no writes. Name the primary in database_url.")
    if findings.encoding != "UTF8":
        raise OperatorError(
            f"The database's encoding is {findings.encoding}, which cannot hold what people write. Make one with "
            "CREATE DATABASE alongside ENCODING 'UTF8' TEMPLATE template0, and name it in database_url."
        )
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


def explain(said: str) -> str:
    """What a server's refusal means, and what to do about it."""
    hints = {
        "root certificate file": (
            "The certificate that is to vouch for the database is missing. Name its file in database_url as "
            "sslrootcert=/path/root.crt, or write sslrootcert=system for the authorities of this system."
        ),
        "certificate verify failed": (
            "The database's certificate is not vouched for. Name the authority's in database_url as "
            "sslrootcert=/path/root.crt."
        ),
        "does not match host name": (
            "The database's certificate is for another host. Use that name in database_url, or sslmode=verify-ca."
        ),
        "password authentication failed": "The database refused the user or password. Correct database_url.",
        "no password supplied": "The database wants a password. Add it to database_url.",
        "does not exist": "There is no such database or user. Create it, or correct database_url.",
        "connection slots": "The database has no connection left. Raise its max_connections, or use fewer workers.",
        "too many": "The database has no connection left. Raise its max_connections, or use fewer workers.",
        "starting up": "The database is still starting. Try again in a moment.",
        "SSL": "The database and Alongside do not agree on encryption. See sslmode in database_url.",
    }
    for sign, hint in hints.items():
        if sign in said:
            return hint
    last = " ".join(said.strip().splitlines()[-1].split()) if said.strip() else "no answer"
    return f"The database cannot be reached ({last}). Check that it runs and that database_url is right."
