"""Migrations: each once, all or nothing, one server at a time, never backwards."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import psycopg
import pytest

from alongside.platform import migrate
from alongside.platform.examine import examine, require_fit
from alongside.platform.migrate import Migration
from alongside.platform.problem import OperatorError
from alongside.platform.secret import Secret
from tests.cli.tls import only_encrypted

PAST = (Migration("0001-past", "CREATE TABLE past (n integer); INSERT INTO past VALUES (1), (2);"),)


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch):
    """Make these the migrations of this version."""
    return lambda *migrations: monkeypatch.setattr(migrate, "available", lambda: migrations)


def count(url: str, table: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_a_fresh_database_gets_all_and_a_second_time_nothing(empty_database_url: str) -> None:
    first = migrate.migrate(empty_database_url)
    assert "0001-workspace-and-people" in first
    assert first[0] == "procrastinate/schema.sql"
    assert migrate.migrate(empty_database_url) == []
    assert count(empty_database_url, "procrastinate_jobs") == 0


def test_the_plan_changes_nothing(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        plan = migrate.plan(connection)
        assert next(each.name for each in plan.pending if "/" not in each.name) == "0001-workspace-and-people"
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_newer_job_queue_brings_its_own_changes(empty_database_url: str, only) -> None:
    old = Migration("procrastinate/01", "SELECT 1")
    only(Migration(migrate.JOBS_WHOLE, "CREATE TABLE jobs (n integer)", settles=(old,)), old)
    assert migrate.migrate(empty_database_url) == [migrate.JOBS_WHOLE]
    new = Migration("procrastinate/02", "ALTER TABLE jobs ADD COLUMN m integer")
    whole = Migration(migrate.JOBS_WHOLE, "CREATE TABLE jobs (n integer, m integer)", settles=(old, new))
    only(whole, old, new)
    assert migrate.migrate(empty_database_url) == ["procrastinate/02"]
    assert count(empty_database_url, "jobs WHERE m IS NULL") == 0


def test_one_that_fails_leaves_nothing_of_itself(empty_database_url: str, only) -> None:
    only(*PAST, Migration("0002-bad", "CREATE TABLE half (n integer); SELECT 1/0;"))
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate.migrate(empty_database_url)
    assert count(empty_database_url, "past") == 2
    assert count(empty_database_url, "pg_class WHERE relname = 'half'") == 0
    assert count(empty_database_url, "schema_migration") == 1


def test_a_database_from_the_future_is_refused(empty_database_url: str, only) -> None:
    only(*PAST, Migration("0002-future", "SELECT 1"))
    migrate.migrate(empty_database_url)
    only(*PAST)
    with pytest.raises(OperatorError, match=r"newer Alongside \(it has 0002-future\)"):
        migrate.migrate(empty_database_url)


def test_an_edited_migration_is_refused(empty_database_url: str, only) -> None:
    only(*PAST)
    migrate.migrate(empty_database_url)
    only(Migration("0001-past", "CREATE TABLE past (n bigint)"))
    with pytest.raises(OperatorError, match="differs from the one that made this database"):
        migrate.migrate(empty_database_url)


def test_several_servers_at_once(empty_database_url: str, only) -> None:
    only(*PAST, Migration("0002-slow", "SELECT pg_sleep(0.3); INSERT INTO past VALUES (3);"))
    done: list[list[str]] = []
    threads = [threading.Thread(target=lambda: done.append(migrate.migrate(empty_database_url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(map(len, done)) == [0, 0, 0, 2]
    assert count(empty_database_url, "past") == 3


def test_a_busy_table_is_waited_for_a_moment_only(empty_database_url: str, only, monkeypatch) -> None:
    only(*PAST)
    migrate.migrate(empty_database_url)
    only(*PAST, Migration("0002-alter", "ALTER TABLE past ADD COLUMN m integer"))
    monkeypatch.setattr(migrate, "STATEMENT_LOCK_MS", 50)
    monkeypatch.setattr(migrate, "TRIES", 2)
    with psycopg.connect(empty_database_url) as busy:
        busy.execute("SELECT * FROM past")  # its transaction stays open
        with pytest.raises(OperatorError, match="could not get hold of its tables"):
            migrate.migrate(empty_database_url)
    assert migrate.migrate(empty_database_url) == ["0002-alter"]


def test_a_user_without_rights_is_told(empty_database_url: str, only) -> None:
    only(*PAST)
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE past (n integer)")
        connection.execute("DROP ROLE IF EXISTS guest")
        connection.execute("CREATE ROLE guest LOGIN")
        connection.execute("GRANT CREATE ON SCHEMA public TO guest")
    only(Migration("0001-past", "ALTER TABLE past ADD COLUMN m integer"))
    with pytest.raises(OperatorError, match="may not apply 0001-past"):
        migrate.migrate(empty_database_url.replace("://alongside@", "://guest@"))


def test_a_user_who_does_not_own_the_schema_is_told(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS stranger")
        connection.execute("CREATE ROLE stranger LOGIN")
    with pytest.raises(OperatorError, match=r"may not apply the table of changes.*ALTER DATABASE"):
        migrate.migrate(empty_database_url.replace("://alongside@", "://stranger@"))


def test_an_encoding_that_cannot_hold_what_people_write_is_refused(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS latin")
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
    found = examine(Secret(re.sub(r"/[^/?]+\?", "/latin?", empty_database_url)))
    with pytest.raises(OperatorError, match="encoding is LATIN1"):
        require_fit(found, weak_allowed=True)


def test_a_certificate_that_nobody_vouches_for_is_told(empty_database_url: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with only_encrypted(empty_database_url, tmp_path) as (url, certificate):
        with pytest.raises(OperatorError, match="sslrootcert=system"):
            examine(Secret(f"{url}?sslmode=verify-full"))
        assert examine(Secret(f"{url}?sslmode=verify-full&sslrootcert={certificate}")).encrypted


def test_examining_tells_version_and_durability(database_url: str) -> None:
    found = examine(Secret(database_url))
    assert found.version >= 160_000
    assert found.weak == {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    assert found.plan.pending == ()
    assert abs(found.clock_skew) < 1
    assert not found.standby
