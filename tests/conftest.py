"""What every test can ask for: real servers, and a fresh, migrated database."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import hypothesis
import msgspec
import psycopg
import pytest

from alongside.domains.channels.queries import channel_by_key
from alongside.platform import migrate
from alongside.platform.embedded.nats import EmbeddedNats
from alongside.platform.embedded.postgres import EmbeddedPostgres
from tests import world as cast
from tests.harness import invariants
from tests.harness.fixtures import deployed, durable, enduring, fragile, one, seed, three  # noqa: F401

# As for bin/check: without compiled modules every server that a test starts would compile for two seconds.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Inherited by the processes of pytest-xdist, so that they share one server.
RUN = os.environ.setdefault("_TESTS_RUN", uuid.uuid4().hex[:12])
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own in it
ROOM = 4 * 2**30  # bytes; a run needs a quarter of it


def _fastest_place() -> Path:
    """Memory, where there is enough: a copy of a database is 800 files, and a run makes more than a thousand."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    return MEMORY if roomy else Path(tempfile.gettempdir())


# The same for all processes of a run, however full the place becomes meanwhile.
RUN_DIR = Path(os.environ.setdefault("_TESTS_FOLDER", str(_fastest_place() / f"alongside-tests-{RUN}")))
COMPANY = RUN_DIR / "company.json"
LOCK_KEY = 77_001

# How long an example takes is the machine's business: no test asserts time.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

MOMENTS = """
SELECT c.relname AS place, a.attname AS name
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0
  AND NOT a.attisdropped AND a.attgenerated = '' AND a.atttypid = 'timestamptz'::regtype
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, help="repeat a run of random misfortune; each such test prints its seed")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(RUN_DIR, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Modules and tests stay to the end: looking whether they are garbage costs, and finds nothing."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    return collected


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
    _keeper(server).close()
    server.stop()


@pytest.fixture(scope="session")
def make_database(postgres: EmbeddedPostgres) -> Callable[[bool], str]:
    """A function that makes a database and returns its address; `True` for one with the whole schema."""

    def make(migrated: bool) -> str:
        return _copy(postgres, _template(postgres) if migrated else "template1")

    return make


@pytest.fixture(scope="module")
def database_url(make_database: Callable[[bool], str]) -> str:
    """A migrated database for the tests of one module."""
    return make_database(True)


@pytest.fixture
def fresh_database_url(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> Iterator[str]:
    """A migrated database for one test; the cast is in it where the test wants the `world`."""
    url = _copy(postgres, _stage(postgres) if "world" in request.fixturenames else _template(postgres))
    yield url
    _keeper(postgres).execute(f'DROP DATABASE "{_name(url)}" WITH (FORCE)'.encode())


@pytest.fixture
def company(postgres: EmbeddedPostgres) -> cast.Company:
    """Who is in a `fresh_database_url` of a test that wants the `world`."""
    _stage(postgres)
    return msgspec.json.decode(COMPANY.read_bytes(), type=cast.Company)


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


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _copy(postgres: EmbeddedPostgres, template: str) -> str:
    """A new database like `template`; its address."""
    name = f"t_{uuid.uuid4().hex}"
    # Copied as files, which takes half the time of a copy by way of the server's log.
    _keeper(postgres).execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'.encode())
    return _address(postgres, name)


@cache
def _keeper(postgres: EmbeddedPostgres) -> psycopg.Connection:
    """The connection that makes and drops databases: a new one each time would be one more process of the server."""
    return psycopg.connect(_address(postgres, "postgres"), autocommit=True)


@cache
def _template(postgres: EmbeddedPostgres) -> str:
    """A migrated database to copy."""
    with _made_once(postgres, f"template_{migrate.fingerprint()}", "template1") as (name, url):
        if url:
            migrate.migrate(url)
    return name


@cache
def _stage(postgres: EmbeddedPostgres) -> str:
    """The same with the cast in it; who they are is kept in `COMPANY`."""
    with _made_once(postgres, "stage", _template(postgres)) as (name, url):
        if url:
            COMPANY.write_bytes(msgspec.json.encode(asyncio.run(_bring(url))))
    return name


async def _bring(url: str) -> cast.Company:
    """The cast as it was an hour ago: what a test sees of it does not depend on how long the run has lasted."""
    async with cast.open_database(url, cast.Facts()) as database:
        company = await cast.bring(cast.make_config(url, RUN_DIR), database)
        async with database.work() as work:
            await work.run("SET LOCAL session_replication_role = replica")  # the log and the audit log do not change
            for column in await work.rows(MOMENTS):
                moment = f'"{column["name"]}"'
                await work.run(f"UPDATE \"{column['place']}\" SET {moment} = {moment} - interval '1 hour'")
            site = await channel_by_key(work, company.site.key)
    assert site is not None
    return msgspec.structs.replace(company, site=site)


@contextmanager
def _made_once(postgres: EmbeddedPostgres, name: str, template: str) -> Iterator[tuple[str, str | None]]:
    """A database made once a run, whoever of the test processes comes first: who gets an address must fill it."""
    with psycopg.connect(_address(postgres, "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            yield name, None
            return
        connection.execute(f'CREATE DATABASE "{name}_new" TEMPLATE "{template}"'.encode())
        yield name, _address(postgres, f"{name}_new")
        connection.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"'.encode())
