"""What happens to text blocks. Agents may know it; visitors never hear of text blocks."""

from __future__ import annotations

from alongside.platform.events import Fact


class TextBlocksChanged(Fact, frozen=True, kw_only=True):
    """Text blocks were made, changed or deleted: search again. Their use is counted silently."""
