"""The fixtures of proofs. A folder takes what it needs in its `conftest.py`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from alongside.platform import migrate
from alongside.platform.embedded.nats import EmbeddedNats
from alongside.platform.embedded.postgres import EmbeddedPostgres
from tests.harness.stage import Stage, stage


@pytest.fixture(scope="session")
def one(make_database: Callable[[bool], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One server process, shared by all tests that do it no harm."""
    with stage(make_database(True), tmp_path_factory.mktemp("one")) as made:
        yield made


@pytest.fixture(scope="session")
def three(
    make_database: Callable[[bool], str], tmp_path_factory: pytest.TempPathFactory, nats: EmbeddedNats
) -> Iterator[Stage]:
    """Three server processes with a NATS between them, shared by all tests that do them no harm."""
    with stage(make_database(True), tmp_path_factory.mktemp("three"), 3, nats) as made:
        yield made


@pytest.fixture(params=["one process", "three processes"], scope="session")
def deployed(request: pytest.FixtureRequest) -> Stage:
    """Both ways to run Alongside."""
    made: Stage = request.getfixturevalue(str(request.param).split(" ", maxsplit=1)[0])
    return made


@pytest.fixture(params=[1, 3], ids=["one process", "three processes"])
def fragile(request: pytest.FixtureRequest, make_database: Callable[[bool], str], tmp_path: Path) -> Iterator[Stage]:
    """As `deployed`, for one test that hurts its processes. The NATS is its own."""
    with ExitStack() as stack:
        own = None
        if request.param > 1:
            own = EmbeddedNats()
            own.start()
            stack.callback(own.stop)
        yield stack.enter_context(stage(make_database(True), tmp_path, request.param, own))


@pytest.fixture
def durable(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of the test's own, as durable as in production."""
    server = EmbeddedPostgres(data_dir)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """From `--seed`, or drawn anew; printed, so that a failure can be repeated."""
    given: int | None = request.config.getoption("--seed")
    chosen = given if given is not None else secrets.randbelow(1_000_000)
    print(f"\n--seed {chosen}")
    return chosen


@pytest.fixture
def enduring(durable: EmbeddedPostgres, tmp_path: Path) -> Iterator[Stage]:
    """One server process on a durable PostgreSQL, both for one test to hurt; `postgres` is at hand as `durable`."""
    migrate.migrate(durable.url)
    with stage(durable.url, tmp_path, allow_weak_durability="false") as made:
        yield made
