"""The cast, and rules."""

from tests.world import browser, config, database, facts, storage, world  # noqa: F401
