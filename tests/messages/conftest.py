"""The stage for messages."""

from tests.world import config, database, facts, world

__all__ = ["config", "database", "facts", "world"]
