"""What most commands begin with: the settings, and a database that runs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec
import structlog

from alongside.platform import examine, log, migrate
from alongside.platform.config import Config
from alongside.platform.config_loading import load
from alongside.platform.db import Database
from alongside.platform.embedded.postgres import EmbeddedPostgres
from alongside.platform.errors import Refusal
from alongside.platform.events import Announcer
from alongside.platform.problem import OperatorError
from alongside.platform.secret import Secret

Result = TypeVar("Result")

JOB_CONNECTIONS = 3  # of each process, beside its pool
SPARE_CONNECTIONS = 30  # for other commands beside the server: backup, doctor, psql


def say(text: str) -> None:
    """A line for the person at the terminal; what a command prints for programs goes to standard output."""
    print(text, file=sys.stderr, flush=True)


def teller(config: Config) -> Callable[[str], None]:
    """How a server tells of itself: to people, or, where the log is for programs, as lines of the log."""
    if config.log_format == "text":
        return say
    logger = structlog.get_logger()
    return lambda text: logger.info("notice", reason=text)


def settings(arguments: argparse.Namespace, **overrides: Any) -> Config:
    """The settings for this command, the log set up by them."""
    given = {name: value for name, value in overrides.items() if value is not None}
    config = load(toml_path=arguments.config, overrides=given)
    log.configure(config)
    return config


@contextmanager
def database(config: Config) -> Iterator[Config]:
    """The settings with a `database_url` that answers: the embedded server runs meanwhile if none is set."""
    if config.database_url is not None:
        yield config
        return
    server = embedded(config)
    server.start()
    try:
        yield msgspec.structs.replace(config, database_url=Secret(server.url))
    finally:
        server.stop()


@contextmanager
def ready_database(config: Config) -> Iterator[Config]:
    """As `database`, and its schema is this version's; the embedded one is brought up to date if it is not."""
    with database(config) as opened:
        require_current(opened, may_migrate=config.database_url is None)
        yield opened


def require_current(config: Config, *, may_migrate: bool) -> examine.Findings:
    """Refuse a database that is unfit; bring its schema up to date where that is allowed."""
    url = url_of(config)
    findings = examine.examine(url)
    examine.require_fit(findings, weak_allowed=config.allow_weak_durability)
    if not findings.plan.pending:
        return findings
    if not may_migrate:
        raise OperatorError(
            f"The database lacks {len(findings.plan.pending)} change(s) of its schema. Make a backup, then run "
            "`alongside migrate` (with --plan it only lists them) or start with `alongside serve --migrate`."
        )
    migrate.migrate(url.reveal(), teller(config))
    return findings


async def call(config: Config, verb: Callable[[Database], Awaitable[Result]]) -> Result:
    """Call a verb of the product; what it refuses is told to the operator."""
    opened = await Database.connect(url_of(config).reveal(), 2, Announcer())
    try:
        return await verb(opened)
    except Refusal as refusal:
        raise OperatorError(refusal.message, exit_code=1) from None
    finally:
        await opened.close()


def embedded(config: Config) -> EmbeddedPostgres:
    """The embedded database of these settings, not yet started."""
    needed = config.workers * (config.database_pool_size + JOB_CONNECTIONS) + SPARE_CONNECTIONS
    return EmbeddedPostgres(config.data_dir, connections=max(100, needed), say=teller(config))


def url_of(config: Config) -> Secret:
    """The database's address inside `database()`."""
    if config.database_url is None:
        raise RuntimeError("only inside database()")
    return config.database_url
