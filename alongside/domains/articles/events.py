"""What happens to articles. The team may know all of it; visitors find it in the help centre."""

from __future__ import annotations

from uuid import UUID

from alongside.platform.events import Fact


class ArticlesChanged(Fact, frozen=True, kw_only=True):
    """Articles or categories changed: read them again. `article_id` is None where several or none did."""

    article_id: UUID | None
    agent_id: UUID | None
