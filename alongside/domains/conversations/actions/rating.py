"""What a visitor thinks of an episode that is over."""

from __future__ import annotations

import msgspec

from alongside.domains.conversations import queries
from alongside.domains.conversations.actions.appending import append, lock, no_such_conversation
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict

# Counts once, however often it is changed: an episode has one rating.
RATE = """
UPDATE episode SET rating = $3, rating_comment = $4, rated_at = now() WHERE conversation_id = $1 AND number = $2
"""

DECLINE_RATING = """
UPDATE episode e SET rating_declined = true FROM conversation c
WHERE c.contact_id = $1 AND c.channel_id = $2 AND e.conversation_id = c.id AND e.number = $3
"""


class Rating(msgspec.Struct, frozen=True):
    """What a visitor thinks of an episode: 1 (worst) to 5 stars, and a few words if they like."""

    episode: int
    stars: int
    comment: str | None


async def rate(work: Work, actor: VisitorActor, rating: Rating) -> None:
    """The visitor rates their own latest episode once it is Done; a later rating of it takes the place of the first.

    The same again: nothing happens. Raises `Conflict` where it runs and was never Done, or another has begun.
    """
    conversation_id = await queries.conversation_of_visitor(work, actor.contact_id, actor.channel_id)
    if conversation_id is None:
        raise no_such_conversation()
    before = await lock(work, conversation_id)
    standing = await queries.rating(work, conversation_id, rating.episode)
    if before["episode"] != rating.episode or standing is None or not standing.open:
        raise Conflict("rating-closed", "This conversation goes on. It can be rated when it is over.")
    if (standing.stars, standing.comment) == (rating.stars, rating.comment):
        return
    await work.run(RATE, conversation_id, rating.episode, rating.stars, rating.comment)
    await append(work, actor, before, "rating", data={"stars": rating.stars, "comment": rating.comment})


async def decline_rating(work: Work, actor: VisitorActor, episode: int) -> None:
    """The visitor does not want to be asked about this episode again. They may still rate it; nobody else is told."""
    await work.run(DECLINE_RATING, actor.contact_id, actor.channel_id, episode)
