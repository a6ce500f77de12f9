"""The cast, and watchdogs."""

from tests.world import browser, config, database, facts, world  # noqa: F401
