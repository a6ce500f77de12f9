"""The stage and the cast."""

from tests.world import browser, config, database, facts, storage, world  # noqa: F401
