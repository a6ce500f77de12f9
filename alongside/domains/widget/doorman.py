"""How a visitor's request proves who sends it: a token in `Authorization`, and with it the channel."""

from __future__ import annotations

from alongside.domains.contacts import queries
from alongside.kit.ids import digest
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Database
from alongside.platform.errors import Unauthorized
from alongside.platform.web.who import Connection


class VisitorDoorman:
    """Lets in visitors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_request(self, connection: Connection) -> VisitorActor:
        """Who sends an HTTP request. The token says on which channel."""
        actor = None
        if token := bearer(connection):
            actor = await queries.visitor_of_request(self._database, digest(token[:200]))
        if actor is None:
            raise Unauthorized("visitor-token-refused", "This visitor session has ended. Start a new one.")
        return actor


def bearer(connection: Connection) -> str | None:
    """The token in `Authorization: Bearer …`."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
