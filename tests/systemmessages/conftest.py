"""The stage and the cast."""

from tests.world import browser, config, database, facts, world

__all__ = ["browser", "config", "database", "facts", "world"]
