"""What happened is noted, to be considered a moment later."""

from __future__ import annotations

from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.schemas import AssignmentEntry, MessageEntry
from alongside.domains.notifications.watch import Watch


class NotificationListeners:
    """Hears facts for the watch."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def entry_added(self, fact: EntryAdded) -> None:
        """A visitor wrote, or the conversation was given to somebody."""
        entry = fact.entry
        if isinstance(entry, AssignmentEntry) or (isinstance(entry, MessageEntry) and entry.author.kind == "visitor"):
            self._watch.note(fact.row.id)
