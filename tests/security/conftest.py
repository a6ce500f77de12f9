"""The stage, the cast, and servers that can be attacked."""

from tests.harness.fixtures import deployed, one, three  # noqa: F401
from tests.world import browser, config, database, facts, storage, world  # noqa: F401
