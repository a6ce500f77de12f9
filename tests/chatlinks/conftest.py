"""The stage and the cast."""

import pytest

from tests.chatlinks.guest import SCOPES
from tests.integrations.program import Program, made
from tests.world import Browser, World, browser, config, database, facts, storage, world  # noqa: F401


@pytest.fixture
async def program(browser: Browser, world: World) -> Program:  # noqa: F811
    """A key that makes chat links."""
    return (await made(browser, world, *SCOPES))[0]
