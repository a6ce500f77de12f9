"""The stage and the cast; the operator allows webhooks on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from alongside.platform.config import Config
from tests.world import browser, database, facts, make_config, world  # noqa: F401


@pytest.fixture
def config(fresh_database_url: str, tmp_path: Path) -> Config:
    """Settings of a server at https://chat.test that may call this machine."""
    return make_config(fresh_database_url, tmp_path, egress_networks=("127.0.0.0/8",))
