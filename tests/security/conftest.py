"""The stage, the cast, and servers that can be attacked."""

from __future__ import annotations

import pytest
from litestar import Litestar

from alongside.app import create_app
from tests.world import browser, config, database, facts, make_config, storage, world

__all__ = ["browser", "config", "database", "facts", "storage", "world"]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    """The application as a list of doors; nothing runs."""
    return create_app(make_config("postgresql://nowhere/", tmp_path_factory.mktemp("app")))
