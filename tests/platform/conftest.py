"""The stage."""

from tests.world import config, database, facts, storage  # noqa: F401
