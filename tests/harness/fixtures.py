"""The fixtures of proofs. A folder takes what it needs in its `conftest.py`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alongside.platform.embedded.nats import EmbeddedNats
from alongside.platform.embedded.postgres import EmbeddedPostgres
from tests.harness.stage import Stage, stage


@pytest.fixture(scope="module")
def one(make_database: Callable[[bool], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One server process for the tests of a module."""
    with stage(make_database(True), tmp_path_factory.mktemp("one")) as made:
        yield made


@pytest.fixture(scope="module")
def three(
    make_database: Callable[[bool], str], tmp_path_factory: pytest.TempPathFactory, nats: EmbeddedNats
) -> Iterator[Stage]:
    """Three server processes with a NATS between them, for the tests of a module."""
    with stage(make_database(True), tmp_path_factory.mktemp("three"), 3, nats) as made:
        yield made


@pytest.fixture(params=["one process", "three processes"], scope="module")
def deployed(request: pytest.FixtureRequest) -> Stage:
    """Both ways to run Alongside."""
    made: Stage = request.getfixturevalue(str(request.param).split(" ", maxsplit=1)[0])
    return made


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
