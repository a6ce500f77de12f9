"""What most commands begin with: the settings, and a database that runs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from alongside.platform import log
from alongside.platform.config import Config, load
from alongside.platform.embedded.postgres import EmbeddedPostgres
from alongside.platform.secret import Secret

SPARE_CONNECTIONS = 30  # for other commands beside the server: backup, doctor, psql


def say(text: str) -> None:
    """A line for the person at the terminal; what a command prints for programs goes to standard output."""
    print(text, file=sys.stderr, flush=True)


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


def embedded(config: Config) -> EmbeddedPostgres:
    """The embedded database of these settings, not yet started."""
    needed = config.workers * config.database_pool_size + SPARE_CONNECTIONS
    return EmbeddedPostgres(config.data_dir, connections=max(100, needed), say=say)


def url_of(config: Config) -> Secret:
    """The database's address inside `database()`."""
    if config.database_url is None:
        raise RuntimeError("only inside database()")
    return config.database_url
