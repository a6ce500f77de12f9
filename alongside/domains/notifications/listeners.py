"""What happened is noted, to be considered a moment later."""

from __future__ import annotations

from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.schemas import AssignmentEntry, EditedEntry, MessageEntry, NoteEntry
from alongside.domains.notifications.watch import Watch


class NotificationListeners:
    """Hears facts for the watch."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def entry_added(self, fact: EntryAdded) -> None:
        """A visitor wrote, the conversation was given to somebody, or a note, new or edited, names colleagues."""
        entry = fact.entry
        if isinstance(entry, NoteEntry | EditedEntry) and entry.mentions:
            self._watch.note(fact.row.id, urgent=True)
        if isinstance(entry, AssignmentEntry) or (isinstance(entry, MessageEntry) and entry.author.kind == "visitor"):
            self._watch.note(fact.row.id)
