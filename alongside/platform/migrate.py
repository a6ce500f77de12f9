"""Bringing a database's schema up to this version: `.sql` files, each applied once, in order, atomically.

Two sequences: our own files in `alongside/migrations`, and those of procrastinate (the job queue), whose
whole schema is applied to a fresh database and whose own upgrade files follow when its version rises.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import psycopg

from alongside import __version__
from alongside.platform.problem import OperatorError

LOCK_KEY = 4_215_061_802  # any number, but the same in every version
LOCK_WAIT_MS = 120_000  # another server may be migrating
STATEMENT_LOCK_MS = 3_000  # a statement that waits for a table holds up everybody behind it
TRIES = 5
JOBS = "procrastinate/"
JOBS_WHOLE = "procrastinate/schema.sql"

RECORD = """
CREATE TABLE IF NOT EXISTS schema_migration (
    name       text PRIMARY KEY,
    sha256     bytea NOT NULL,
    version    text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE schema_migration IS 'subject=none; retention=deployment. Applied changes of the schema.';
"""

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True)
class Migration:
    """One file. `name` orders it among its sequence; `settles` names others that it makes superfluous."""

    name: str
    sql: str
    settles: tuple[Migration, ...] = ()

    @property
    def sha256(self) -> bytes:
        """Of its text, to notice that an applied file was changed afterwards."""
        return hashlib.sha256(self.sql.encode()).digest()


@dataclass(frozen=True)
class Plan:
    """What a database lacks. `unknown` come from a newer version; `changed` were edited afterwards."""

    pending: tuple[Migration, ...]
    unknown: tuple[str, ...]
    changed: tuple[str, ...]


def available() -> tuple[Migration, ...]:
    """Every migration of this version in order, procrastinate's before ours."""
    return (*_jobs_migrations(), *_read(importlib.resources.files("alongside") / "migrations", ""))


def fingerprint() -> str:
    """Names the schema that results from all of them."""
    digest = hashlib.sha256(b"".join(each.sha256 for each in available()))
    return digest.hexdigest()[:12]


def plan(connection: Connection) -> Plan:
    """Compare a database with this version; changes nothing."""
    applied = _applied(connection)
    known = available()
    names = {each.name for each in known}
    fresh = not any(name.startswith(JOBS) for name in applied)
    return Plan(
        pending=tuple(_pending(known, applied, fresh)),
        unknown=tuple(name for name in applied if name not in names),
        changed=tuple(each.name for each in known if applied.get(each.name, each.sha256) != each.sha256),
    )


def check(plan: Plan) -> None:
    """Raise where this version must not touch the database."""
    if plan.unknown:
        raise OperatorError(
            f"The database was migrated by a newer Alongside (it has {', '.join(plan.unknown)}). "
            f"This is version {__version__}: install the newer one again, or restore a backup from before it."
        )
    ours = [name for name in plan.changed if not name.startswith(JOBS)]
    if ours:
        raise OperatorError(
            f"The migration {ours[0]} differs from the one that made this database. In production, restore "
            "the original file; while developing, start with a new database."
        )


def migrate(url: str, say: Callable[[str], None] = lambda _: None) -> list[str]:
    """Apply what is pending and return the names. Safe to call from several servers at once."""
    with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
        _lock(connection)
        with _explained("the table of changes"):
            connection.execute(RECORD)
        todo = plan(connection)
        check(todo)
        for migration in todo.pending:
            say(f"Migrating the database: {migration.name}")
            _apply_patiently(connection, migration)
        return [each.name for each in todo.pending]


def _pending(known: Iterable[Migration], applied: dict[str, bytes], fresh: bool) -> Iterable[Migration]:
    for each in known:
        of_jobs = each.name.startswith(JOBS)
        wanted = (each.name == JOBS_WHOLE) == fresh if of_jobs else True
        if wanted and each.name not in applied:
            yield each


def _applied(connection: Connection) -> dict[str, bytes]:
    row = connection.execute("SELECT to_regclass('schema_migration') IS NOT NULL").fetchone()
    if row is None or not row[0]:
        return {}
    rows = connection.execute("SELECT name, sha256 FROM schema_migration ORDER BY applied_at, name").fetchall()
    return {str(name): bytes(sha256) for name, sha256 in rows}  # type: ignore[call-overload]


def _lock(connection: Connection) -> None:
    connection.execute(f"SET lock_timeout = {LOCK_WAIT_MS}")
    try:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
    except psycopg.errors.LockNotAvailable:
        raise OperatorError(
            "Another Alongside has been migrating this database for two minutes. Wait, then try again.",
            exit_code=1,
        ) from None
    connection.execute(f"SET lock_timeout = {STATEMENT_LOCK_MS}")


def _apply_patiently(connection: Connection, migration: Migration) -> None:
    for attempt in range(TRIES):
        try:
            with _explained(migration.name):
                return _apply(connection, migration)
        except psycopg.errors.LockNotAvailable:
            time.sleep(0.5 * 2**attempt)
    raise OperatorError(
        f"{migration.name} could not get hold of its tables in {TRIES} tries, because other sessions hold "
        "them. Nothing was changed. End long transactions on the database and try again.",
        exit_code=1,
    )


@contextmanager
def _explained(what: str) -> Iterator[None]:
    """Failures that the operator can mend are told as what to do."""
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise OperatorError(
            f"The database user may not apply {what} ({error.diag.message_primary}). Let it "
            "own the database: ALTER DATABASE name OWNER TO user.",
            exit_code=1,
        ) from None
    except psycopg.errors.DiskFull:
        raise OperatorError(
            f"The database's disk is full; {what} was not applied. Make room and try again.", exit_code=1
        ) from None


def _apply(connection: Connection, migration: Migration) -> None:
    with connection.transaction():
        connection.execute(migration.sql.encode())
        for each in (migration, *migration.settles):
            connection.execute(
                "INSERT INTO schema_migration (name, sha256, version) VALUES (%s, %s, %s)",
                [each.name, each.sha256, __version__],
            )


def _read(folder: Traversable, prefix: str) -> tuple[Migration, ...]:
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".sql")), key=lambda each: each.name)
    return tuple(Migration(prefix + each.name.removesuffix(".sql"), each.read_text("utf-8")) for each in files)


def _jobs_migrations() -> tuple[Migration, ...]:
    folder = importlib.resources.files("procrastinate") / "sql"
    upgrades = _read(folder / "migrations", JOBS)
    return (Migration(JOBS_WHOLE, (folder / "schema.sql").read_text("utf-8"), settles=upgrades), *upgrades)
