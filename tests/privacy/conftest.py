"""The stage for privacy."""

from tests.world import browser, config, database, facts, storage, world

__all__ = ["browser", "config", "database", "facts", "storage", "world"]
