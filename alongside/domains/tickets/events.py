"""What happens to tickets. Agents may know all of it, visitors nothing."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.tickets.schemas import TicketRow
from alongside.platform.events import Fact


class TicketChanged(Fact, frozen=True, kw_only=True):
    """A ticket's history grew; `row` is the ticket from then on.

    `contact_ids`: everybody in whose details it stands, those who were just removed from it included.
    """

    row: TicketRow
    contact_ids: list[UUID]


class TicketViewsChanged(Fact, frozen=True, kw_only=True):
    """A view that everybody uses was made, changed or deleted: read them again."""
