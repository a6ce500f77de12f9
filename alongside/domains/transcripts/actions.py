"""What can be done with transcripts."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.conversations import queries as conversations
from alongside.domains.conversations.actions import no_such_conversation
from alongside.domains.conversations.policy import may_see
from alongside.domains.conversations.schemas import ConversationRow
from alongside.domains.mail import actions as mail
from alongside.domains.transcripts import queries
from alongside.domains.transcripts.events import ConversationExported
from alongside.domains.transcripts.letters import TRANSCRIPT
from alongside.domains.transcripts.logic import Wish
from alongside.domains.transcripts.queries import Due
from alongside.kit.text import is_email
from alongside.platform import limits
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, Invalid
from alongside.platform.limits import Budget

# Letters of a day: whoever asks, wherever to. Nobody is to flood a mailbox through us.
MOST_PER_CONVERSATION = 5
MOST_PER_ADDRESS = 10
MOST_PER_PLACE = 20
MOST_PER_AGENT = 100
DAY = 86_400.0
ADDRESS_CHARS = 254
TOO_OFTEN = "This was sent often enough for today. Try again tomorrow."

WISH = """
INSERT INTO transcript_wish (conversation_id, episode, address) VALUES ($1, $2, $3)
ON CONFLICT (conversation_id, episode) DO UPDATE SET address = excluded.address, wished_at = now()
"""
FORGET = "DELETE FROM transcript_wish WHERE conversation_id = $1 AND episode = $2"
FORGET_ALL = """
DELETE FROM transcript_wish w USING conversation c
WHERE c.contact_id = $1 AND c.channel_id = $2 AND w.conversation_id = c.id
"""
# A conversation that is over begins its next episode with the next message. Nobody else's mailbox is told what this
# person writes: whoever left an address in this browser before them may be another.
CARRY = """
INSERT INTO transcript_wish (conversation_id, episode, address)
SELECT n.id, n.episode + (n.status = 'done')::integer, w.address
FROM conversation o JOIN transcript_wish w ON w.conversation_id = o.id AND w.episode = o.episode
JOIN conversation n ON n.id = $2 JOIN contact p ON p.id = n.contact_id
WHERE o.id = $1 AND lower(w.address) = lower(p.email)
ON CONFLICT (conversation_id, episode) DO NOTHING
"""
# Of two processes, one takes it.
TAKE = f"""
{FORGET}
  AND EXISTS (SELECT FROM episode WHERE conversation_id = $1 AND number = $2 AND done_at IS NOT NULL)
RETURNING address
"""


class Parcel(msgspec.Struct, frozen=True):
    """A conversation, and where it is to go."""

    conversation_id: UUID
    address: str


class Asked(msgspec.Struct, frozen=True):
    """What a visitor wants: which episode, where to; `place` is where they ask from."""

    episode: int
    address: str
    place: str


async def begin_export(work: Work, actor: AgentActor, conversation_id: UUID, wish: Wish) -> ConversationRow:
    """The conversation that is taken away as a file, and a note of who takes it. Raises `NotFound`."""
    return await _taken(work, actor, conversation_id, wish.format, inside=wish.inside)


async def send_by_mail(database: Database, config: Config, actor: AgentActor, parcel: Parcel) -> None:
    """Mail a conversation to an address, as its customer saw it.

    Raises `Invalid`, `Conflict`, `TooMany`, `NotFound`.
    """
    async with database.reading() as reading:
        if not await conversations.in_sight(reading, actor, parcel.conversation_id):
            raise no_such_conversation()
    _require_server(config)
    address = _address(parcel.address)
    mine = Budget("transcript-agent", str(actor.id), "", MOST_PER_AGENT, DAY)
    await limits.spend(database, [mine, *_budgets(parcel.conversation_id, address)], TOO_OFTEN)
    async with database.work() as work:
        row = await _taken(work, actor, parcel.conversation_id, "mail", inside=False)
        await _hold(work, row.contact.id)
        await _post(work, Due(row.id, row.contact.id, None), address)


async def ask_by_mail(database: Database, config: Config, actor: VisitorActor, asked: Asked) -> None:
    """A visitor wants their latest episode by mail: at once where it is over, else when it is.

    Asked again before that, the last address holds. Raises `Invalid`, `Conflict`, `TooMany`, `NotFound`.
    """
    _require_server(config)
    address = _address(asked.address)
    async with database.reading() as reading:
        conversation_id = await conversations.conversation_of_visitor(reading, actor.contact_id, actor.channel_id)
    if conversation_id is None:
        raise no_such_conversation()
    here = Budget("transcript-place", "", asked.place, MOST_PER_PLACE, DAY)
    await limits.spend(database, [here, *_budgets(conversation_id, address)], TOO_OFTEN)
    async with database.work() as work:
        await _hold(work, actor.contact_id)
        now = await queries.latest_for_update(work, conversation_id)
        if now is None:
            raise no_such_conversation()
        if now.episode != asked.episode:
            raise Conflict("another-episode", "This conversation goes on meanwhile. Look again.")
        if not now.answered:
            raise Conflict("not-answered", "There is nothing to send until somebody has answered.")
        if not now.over:
            await work.run(WISH, conversation_id, now.episode, address)
            return
        await work.run(FORGET, conversation_id, now.episode)
        await _post(work, Due(conversation_id, actor.contact_id, now.episode), address)


async def forget_wish(work: Work, actor: VisitorActor) -> None:
    """The visitor does not want it by mail after all."""
    await _hold(work, actor.contact_id)
    await work.run(FORGET_ALL, actor.contact_id, actor.channel_id)


async def carry_over(work: Work, from_id: UUID, to_id: UUID) -> None:
    """A visitor was recognised, and goes on in another conversation: they want that by mail, too.

    What they wrote before goes out when that is over. Only to an address that is known to be theirs; to another they
    are asked for it anew.
    """
    await work.run(CARRY, from_id, to_id)


async def fulfil(database: Database) -> int:
    """Put what visitors wished for on its way, of what is over by now. Returns how many letters.

    A wish ends here even where the channel sends none any more, or where nobody has answered.
    """
    async with database.reading() as reading:
        found = await queries.due(reading)
    sent = 0
    for each, wanted in found:
        async with database.work() as work:
            await _hold(work, each.contact_id, there=False)
            address = await work.value(TAKE, each.conversation_id, each.episode)
            if address and wanted:
                await _post(work, each, address)
                sent += 1
    return sent


async def _taken(work: Work, actor: AgentActor, conversation_id: UUID, format: str, *, inside: bool) -> ConversationRow:
    row = await conversations.conversation(work, conversation_id)
    if row is None or not may_see(actor, row.assignee_id, row.team_id):
        raise no_such_conversation()
    work.announce(
        ConversationExported(
            actor_id=actor.id,
            customer_id=row.contact.id,
            customer_number=row.contact.number,
            conversation_id=row.id,
            format=format,
            inside=inside,
        )
    )
    return row


async def _post(work: Work, due: Due, address: str) -> None:
    new = mail.Post(
        kind=TRANSCRIPT,
        address=address,
        contact_id=due.contact_id,
        conversation_id=due.conversation_id,
        episode=due.episode,
    )
    await mail.post(work, new)


async def _hold(work: Work, contact_id: UUID, *, there: bool = True) -> None:
    """Before anything of theirs is locked: whoever erases them goes by the same order."""
    if not await work.value("SELECT true FROM contact WHERE id = $1 FOR KEY SHARE", contact_id) and there:
        raise no_such_conversation()


def _budgets(conversation_id: UUID, address: str) -> list[Budget]:
    return [
        Budget("transcript-conversation", str(conversation_id), "", MOST_PER_CONVERSATION, DAY),
        Budget("transcript-address", address.lower(), "", MOST_PER_ADDRESS, DAY),
    ]


def _address(given: str) -> str:
    address = given.strip()
    if len(address) > ADDRESS_CHARS or not is_email(address):
        raise Invalid("not-an-address", "This is not an e-mail address. It should look like name@example.com.")
    return address


def _require_server(config: Config) -> None:
    if config.mail_url is None:
        raise Conflict("no-mail-server", "No mail goes out here, so nothing can be sent.")
