"""What happens to labels. Agents may know it; visitors nothing of it."""

from __future__ import annotations

from alongside.platform.events import Fact


class LabelsChanged(Fact, frozen=True, kw_only=True):
    """A label was made, changed or deleted: read them again."""
