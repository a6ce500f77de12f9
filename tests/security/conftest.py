"""The stage, the cast, and servers that can be attacked."""

from tests.world import browser, config, database, facts, storage, world  # noqa: F401
