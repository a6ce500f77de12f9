"""What happened is noted, to be followed a moment later."""

from __future__ import annotations

from alongside.domains.contacts.events import ContactChanged
from alongside.domains.conversations.events import EntryAdded, RowRefreshed
from alongside.domains.conversations.schemas import IdentifiedEntry, MessageEntry
from alongside.domains.rules.events import RulesChanged
from alongside.domains.sla.follower import Follower
from alongside.platform.events import Fact


class SlaListeners:
    """Hears facts for the follower."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower

    def entry_added(self, fact: EntryAdded) -> None:
        """Somebody wrote, or the status changed; or it is known now who writes."""
        entry = fact.entry
        known = isinstance(entry, IdentifiedEntry)
        if known or isinstance(entry, MessageEntry) or entry.status is not None:
            self._follower.note(fact.row.id, judge=known)

    def row_refreshed(self, fact: RowRefreshed) -> None:
        """A label came or went, here or on the customer."""
        self._follower.note(fact.row.id, judge=True)

    def contact_changed(self, fact: ContactChanged) -> None:
        """Something else is known of the customer."""
        self._follower.note_contact(fact.contact_id)

    def rules_changed(self, fact: RulesChanged) -> None:
        """All clocks are set anew."""
        if fact.kind == "sla":
            self._follower.set_anew()

    def hours_changed(self, _: Fact) -> None:
        """All clocks are set anew."""
        self._follower.set_anew()
