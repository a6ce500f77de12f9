"""What every verb about articles asks first."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.articles import policy
from alongside.domains.articles.events import ArticlesChanged
from alongside.platform.auth.actor import AgentActor, SystemActor
from alongside.platform.db import Work
from alongside.platform.errors import Forbidden, NotFound

Writer = AgentActor | SystemActor


def require_manage(actor: Writer) -> None:
    """Raises `Forbidden` for whoever may not write articles."""
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow writing articles. Ask an admin for it.")


async def lock_article(work: Work, article_id: UUID) -> None:
    """Let nobody else change this article until the work is done. Raises `NotFound`."""
    if not await work.value("SELECT true FROM article WHERE id = $1 FOR UPDATE", article_id):
        raise no_article()


def no_article() -> NotFound:
    """The article is gone."""
    return NotFound("no-such-article", "This article does not exist (any more).")


def tell(work: Work, actor: Writer, article_id: UUID | None = None) -> None:
    """Announce that something changed, and by whom: their own editor need not read it again."""
    agent_id = actor.id if isinstance(actor, AgentActor) else None
    work.announce(ArticlesChanged(article_id=article_id, agent_id=agent_id))
