"""What happens to system messages. Agents may know it; visitors hear only what is told in their conversation."""

from __future__ import annotations

from alongside.platform.events import Fact


class SystemMessagesChanged(Fact, frozen=True, kw_only=True):
    """A system message was made, changed or deleted: read them again."""
