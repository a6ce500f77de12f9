"""One conversation that cannot be decided about holds up nobody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import msgspec
import structlog

from alongside.domains.routing.actions.deciding import Busy, Held
from alongside.platform.errors import Unavailable

# A colleague's deed is over within some milliseconds. What is busy so many times in a row is stuck, and whoever comes
# behind it would be stuck with it.
PATIENCE = 10

log = structlog.get_logger()


class Attempt(msgspec.Struct):
    """A try to decide about a conversation, which may be found only while trying."""

    conversation_id: UUID | None


class Apart:
    """The conversations that a round leaves aside, and what is remembered of them from one round to the next."""

    def __init__(self) -> None:
        self.ids: set[UUID] = set()
        self._busy: Counter[UUID] = Counter()
        self._told: set[UUID] = set()

    def begin_round(self) -> None:
        """All are tried anew."""
        self.ids.clear()

    @contextmanager
    def attempt(self, conversation_id: UUID | None = None) -> Iterator[Attempt]:
        """Leave the conversation aside where this fails.

        Raises `Busy` and `Unavailable`, which concern all, and what fails before the conversation is known.
        """
        attempt = Attempt(conversation_id)
        try:
            yield attempt
        except Unavailable:
            raise
        except Exception as error:
            if attempt.conversation_id is None or not self._bears(attempt.conversation_id, error):
                raise
            self.ids.add(attempt.conversation_id)
        else:
            if attempt.conversation_id:
                self._busy.pop(attempt.conversation_id, None)
                self._told.discard(attempt.conversation_id)

    def _bears(self, conversation_id: UUID, error: Exception) -> bool:
        """Whether the others may go on, and come before it."""
        if isinstance(error, Held):
            return True
        if isinstance(error, Busy):
            self._busy[conversation_id] += 1
            return self._busy[conversation_id] >= PATIENCE
        # Each round comes to it again: to say it once is enough.
        if conversation_id not in self._told:
            self._told.add(conversation_id)
            log.error("routing.failed", conversation_id=str(conversation_id), exc_info=error)
        return True
