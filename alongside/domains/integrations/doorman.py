"""How a program's request proves who sends it: a key in `Authorization`. Without one it is an agent's."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable

from alongside.domains.integrations.actions import authenticate
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.errors import TooMany
from alongside.platform.limits import Buckets
from alongside.platform.web.who import Connection

# Of one key, in each process: an import of thousands goes through in minutes, a loop gone wild disturbs nobody.
PER_SECOND = 20.0
AT_ONCE = 100.0

BEARER = "bearer "


class IntegrationDoorman:
    """Lets in programs by their keys, and leaves everybody else to `agents`."""

    def __init__(self, database: Database, agents: Callable[[Connection], Awaitable[AgentActor]]) -> None:
        self._database = database
        self._agents = agents
        self._requests = Buckets(PER_SECOND, AT_ONCE)

    async def of_request(self, connection: Connection) -> AgentActor:
        """Who sends an HTTP request. A key is never sent by a browser on its own, so it needs no proof of our page."""
        given = connection.headers.get("authorization", "")
        if not given.lower().startswith(BEARER):
            return await self._agents(connection)
        actor = await authenticate(self._database, given[len(BEARER) :].strip())
        if wait := self._requests.take(actor.session_id):
            raise TooMany(
                "too-many-requests",
                f"This key has sent too many requests. Wait {math.ceil(wait)} s, and send at most "
                f"{PER_SECOND:.0f} a second.",
                retry_after=wait,
            )
        return actor
