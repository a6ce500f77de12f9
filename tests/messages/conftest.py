"""The stage for messages."""

from tests.world import config, database, facts, storage, world

__all__ = ["config", "database", "facts", "storage", "world"]
