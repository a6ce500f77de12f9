"""The cast of tests/world.py."""

from tests.world import browser, config, database, facts, storage, world  # noqa: F401
