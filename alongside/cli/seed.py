"""`alongside seed`."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime

from alongside.cli import common
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.problem import OperatorError
from alongside.platform.storage import Storage
from alongside.seed.people import AGENTS, COMPANY, PASSWORD
from alongside.seed.writing import Writer, is_foreign


def run(arguments: argparse.Namespace) -> int:
    """Write the demo and print who can sign in."""
    config = common.settings(arguments)
    with common.ready_database(config) as opened:
        asyncio.run(common.call(opened, lambda database: _write(database, opened, force=arguments.force)))
    print(f"{COMPANY}: sign in with the password {PASSWORD}")
    for person in AGENTS:
        print(f"  {person.email:<26} {person.name}{' (admin)' if person.admin else ''}")
    if not config.demo:
        common.say("Set demo = true (ALONGSIDE_DEMO=true) to have the shop page at /demo.")
    return 0


async def _write(database: Database, config: Config, *, force: bool) -> None:
    if not force and await is_foreign(database):
        raise OperatorError(
            "This Alongside has agents of its own; the demo is meant for an empty one. "
            "With --force its people and conversations are added all the same."
        )
    await Writer(database, Storage.of(config), config, datetime.now(UTC)).write()
