"""The parts that every agent's socket needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.realtime.hub import Hub


class ConsoleDoor:
    """What the agents' door stands on. `sign_in` reads a cookie header and a CSRF proof."""

    def __init__(
        self,
        config: Config,
        database: Database,
        hub: Hub,
        sign_in: Callable[[str, str], Awaitable[AgentActor]],
        version: str,
    ) -> None:
        self.config = config
        self.database = database
        self.hub = hub
        self.sign_in = sign_in
        self.version = version
