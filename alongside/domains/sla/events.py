"""What is announced about targets."""

from __future__ import annotations

from alongside.domains.conversations.events import RowRefreshed


class TargetShown(RowRefreshed, frozen=True, kw_only=True):
    """A conversation shows another target than before, or none."""
