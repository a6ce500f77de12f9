"""The cast, and a mail server beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from alongside.platform.config import Config
from alongside.platform.secret import Secret
from tests.harness.smtp import Mailbox, mail_server
from tests.world import browser, database, facts, make_config, world  # noqa: F401


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """What the mail server took."""
    with mail_server() as box:
        yield box


@pytest.fixture
def config(fresh_database_url: str, tmp_path: Path, mailbox: Mailbox) -> Config:
    """Settings of a server that sends its mail there."""
    return make_config(fresh_database_url, tmp_path, mail_url=Secret(mailbox.url))
