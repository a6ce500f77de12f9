"""Something happened by which somebody may be served: look."""

from __future__ import annotations

from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.schemas import AssignmentEntry, MessageEntry
from alongside.domains.routing.router import Router
from alongside.platform.events import Fact


class RoutingListeners:
    """Wakes the router of this process."""

    def __init__(self, router: Router) -> None:
        self._router = router

    def entry_added(self, fact: EntryAdded) -> None:
        """An episode began; or somebody has room again, took it by hand, or answered."""
        entry = fact.entry
        if isinstance(entry, MessageEntry) and entry.author.kind == "visitor":
            if fact.was_status in (None, "done") and fact.row.status == "unread":
                self._router.note(fact.row.id)
        elif isinstance(entry, AssignmentEntry) or entry.status is not None:
            self._router.wake()

    def something_changed(self, _: Fact) -> None:
        """Agents, their presence, limits, teams and roles; rules; a customer who was deleted."""
        self._router.wake()
