"""Servers that can be hurt."""

from tests.harness.fixtures import deployed, durable, enduring, fragile, one, seed, three  # noqa: F401
