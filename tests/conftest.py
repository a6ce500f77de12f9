"""What every test can ask for: real servers, and a fresh, migrated database."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from alongside.platform import migrate
from alongside.platform.embedded.nats import EmbeddedNats
from alongside.platform.embedded.postgres import EmbeddedPostgres
from tests.harness import invariants
from tests.harness.fixtures import deployed, durable, enduring, fragile, one, seed, three  # noqa: F401

# Inherited by the processes of pytest-xdist, so that they share one server.
RUN = os.environ.setdefault("_TESTS_RUN", uuid.uuid4().hex[:12])
RUN_DIR = Path(tempfile.gettempdir()) / f"alongside-tests-{RUN}"
LOCK_KEY = 77_001


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, help="repeat a run of random misfortune; each such test prints its seed")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(RUN_DIR, ignore_errors=True)


@pytest.fixture(autouse=True)
def _own_settings_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's settings do not reach the tests."""
    for name in [name for name in os.environ if name.startswith("ALONGSIDE_")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _logs_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test that has a database, each conversation in it must be what its log says."""
    named = {"database_url", "fresh_database_url", "one", "three"}.intersection(request.fixturenames)
    given = [request.getfixturevalue(name) for name in named]
    yield
    for each in given:
        invariants.check(each if isinstance(each, str) else each.database_url)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A new folder that the account of an embedded database can enter, also where the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="al-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The one PostgreSQL of this run. Not durable: tests about durability start their own in `data_dir`."""
    server = EmbeddedPostgres(RUN_DIR, connections=300, durable=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def make_database(postgres: EmbeddedPostgres) -> Callable[[bool], str]:
    """A function that makes a database and returns its address; `True` for one with the whole schema."""

    def make(migrated: bool) -> str:
        name = f"t_{uuid.uuid4().hex}"
        template = _template(postgres) if migrated else "template1"
        _execute(postgres, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return _address(postgres, name)

    # Never dropped one by one, which takes minutes: they go with the server's folder.
    return make


@pytest.fixture(scope="module")
def database_url(make_database: Callable[[bool], str]) -> str:
    """A migrated database for the tests of one module."""
    return make_database(True)


@pytest.fixture
def fresh_database_url(make_database: Callable[[bool], str]) -> str:
    """A migrated database for one test."""
    return make_database(True)


@pytest.fixture
def empty_database_url(make_database: Callable[[bool], str]) -> str:
    """A database without any table for one test."""
    return make_database(False)


@pytest.fixture(scope="session")
def nats() -> Iterator[EmbeddedNats]:
    """A NATS server; `nats.url.reveal()` is its address."""
    server = EmbeddedNats()
    server.start()
    yield server
    server.stop()


def _address(postgres: EmbeddedPostgres, database: str) -> str:
    return postgres.url.replace("/alongside?", f"/{database}?")


def _execute(postgres: EmbeddedPostgres, sql: str) -> None:
    with psycopg.connect(_address(postgres, "postgres"), autocommit=True) as connection:
        connection.execute(sql.encode())


def _template(postgres: EmbeddedPostgres) -> str:
    """A migrated database to copy; made once a run, whoever of the test processes comes first."""
    name = f"template_{migrate.fingerprint()}"
    with psycopg.connect(_address(postgres, "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        connection.execute(f'CREATE DATABASE "{name}_new"'.encode())
        migrate.migrate(_address(postgres, f"{name}_new"))
        connection.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"'.encode())
    return name
