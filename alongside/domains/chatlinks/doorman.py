"""How the page of a link proves that it has the secret: `Authorization: Bearer …`, never a cookie."""

from __future__ import annotations

import math
from collections.abc import Sequence

from alongside.domains.chatlinks.actions import authenticate, unknown_link
from alongside.platform.auth.actor import LinkActor
from alongside.platform.db import Database
from alongside.platform.errors import TooMany, Unauthorized
from alongside.platform.limits import Buckets, address_prefix
from alongside.platform.web.address import client_address
from alongside.platform.web.who import Connection

# Of one link, in each process: several people look at it, and each page asks every few seconds.
PER_SECOND = 5.0
AT_ONCE = 60.0

# Of one address, for secrets that no link has. Nobody guesses 256 bits; who tries costs us little.
MISSES_PER_SECOND = 0.1
MISSES_AT_ONCE = 30.0


class LinkDoorman:
    """Lets in whoever has a link's secret, to that link's conversation."""

    def __init__(self, database: Database, trusted_proxies: Sequence[str]) -> None:
        self._database = database
        self._trusted = trusted_proxies
        self._requests = Buckets(PER_SECOND, AT_ONCE)
        self._misses = Buckets(MISSES_PER_SECOND, MISSES_AT_ONCE)

    async def of_request(self, connection: Connection) -> LinkActor:
        """Who sends an HTTP request."""
        scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise unknown_link()
        try:
            actor = await authenticate(self._database, secret.strip())
        except Unauthorized as refusal:
            if refusal.code == "no-such-chat-link":
                place = address_prefix(client_address(connection.scope, self._trusted))
                _spare(self._misses.take(place))
            raise
        _spare(self._requests.take(actor.agent.session_id))
        return actor


def _spare(wait: float) -> None:
    if wait:
        raise TooMany("too-many-requests", f"Too many requests. Wait {math.ceil(wait)} s.", retry_after=wait)
