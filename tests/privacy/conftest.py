"""The stage for privacy."""

from tests.world import browser, config, database, facts, world

__all__ = ["browser", "config", "database", "facts", "world"]
