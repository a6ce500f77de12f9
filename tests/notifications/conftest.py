"""The cast, a mail server, and a push service beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from alongside.platform.config import Config
from alongside.platform.secret import Secret
from tests.harness.pushes import PushService, push_service
from tests.harness.smtp import Mailbox, mail_server
from tests.world import World, browser, database, facts, make_config, world  # noqa: F401


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """What the mail server took."""
    with mail_server() as box:
        yield box


@pytest.fixture
def service() -> Iterator[PushService]:
    """Where pushes go."""
    with push_service() as running:
        yield running


AS_IF_NOW = """
WITH age AS (SELECT now() - max(at) AS by FROM entry),
rows AS (UPDATE conversation SET last_message_at = last_message_at + by, created_at = created_at + by,
                waiting_since = waiting_since + by FROM age)
UPDATE entry SET at = at + by FROM age
"""


@pytest.fixture(autouse=True)
async def _written_now(world: World) -> None:  # noqa: F811 - the fixture of that name
    """The cast's conversation is as old as the database that is copied: here it is new."""
    async with world.database.work() as work:
        await work.run(AS_IF_NOW)


@pytest.fixture
def config(fresh_database_url: str, tmp_path: Path, mailbox: Mailbox) -> Config:
    """Settings of a server that mails there, and may push to this machine."""
    return make_config(fresh_database_url, tmp_path, mail_url=Secret(mailbox.url), egress_networks=("127.0.0.0/8",))
