"""What happens to fields. Agents may know it; visitors nothing of it."""

from __future__ import annotations

from alongside.platform.events import Fact


class FieldsChanged(Fact, frozen=True, kw_only=True):
    """A field was made, changed, moved, archived or deleted: read them again."""
