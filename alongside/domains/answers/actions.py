"""Notice who left before the answer came; let them back in; stop."""

from __future__ import annotations

import msgspec

from alongside.domains.answers import queries
from alongside.domains.answers.letters import ANSWER
from alongside.domains.answers.queries import Due, Stop
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.actions import NewVisitor
from alongside.domains.mail import actions as mail
from alongside.kit.ids import digest
from alongside.kit.text import is_email
from alongside.platform.db import Database, Work
from alongside.platform.errors import NotFound

# Of one day. An address that somebody else claimed is not to be flooded.
MOST_PER_CONVERSATION = 10
MOST_PER_ADDRESS = 20
SESSION_DAYS = 7
# How long a letter's stop link works after its way back has ended.
STOP_DAYS = 180

QUEUE = """
INSERT INTO answer_mail AS a (conversation_id, queued_seq)
SELECT c.id, $2 FROM conversation c JOIN contact p ON p.id = c.contact_id WHERE c.id = $1 FOR KEY SHARE
ON CONFLICT (conversation_id) DO UPDATE SET queued_seq = $2 WHERE a.queued_seq < $2
RETURNING true
"""


class Returned(msgspec.Struct, frozen=True):
    """A visitor who came back by a link: to which channel, and their new token."""

    channel_key: str
    visitor: NewVisitor


async def queue_due(database: Database) -> int:
    """Put letters on their way to visitors who left before they read the answer. Returns how many."""
    async with database.reading() as reading:
        found = await queries.due(reading)
    queued = 0
    for each in found:
        async with database.work() as work:
            queued += await _queue(work, each)
    return queued


async def _queue(work: Work, due: Due) -> bool:
    """One letter; of two processes that noticed the same, one."""
    if not await work.value(QUEUE, due.conversation_id, due.seq):
        return False
    conversation, address = await queries.lately(work, due.conversation_id, due.address)
    if not is_email(due.address) or conversation >= MOST_PER_CONVERSATION or address >= MOST_PER_ADDRESS:
        return False
    await mail.post(
        work,
        mail.Post(kind=ANSWER, address=due.address, contact_id=due.contact_id, conversation_id=due.conversation_id),
    )
    return True


async def come_back(work: Work, token: str) -> Returned:
    """A new token for the visitor whom this link was sent to. Raises `NotFound` for a link that leads nowhere.

    The link goes on working until it expires: who only looks at it, program or person, does not use it up.
    """
    link = await queries.link(work, digest(token))
    if link is None:
        raise NotFound("no-such-link", "This link has expired. Write to us again in the chat on our site.")
    visitor = await contacts.let_back_in(work, link.contact_id, link.channel_id, SESSION_DAYS)
    return Returned(link.channel_key, visitor)


async def look_at_stop(work: Work, token: str) -> Stop:
    """What a stop link is about. Raises `NotFound`."""
    about = await queries.stop(work, digest(token))
    if about is None:
        raise NotFound("no-such-link", "This link has expired, or the conversation does not exist any more.")
    return about


async def stop(work: Work, token: str) -> Stop:
    """No more mail about this conversation."""
    about = await look_at_stop(work, token)
    await work.run(
        "UPDATE answer_mail SET stopped_at = coalesce(stopped_at, now()) WHERE conversation_id = $1",
        about.conversation_id,
    )
    return msgspec.structs.replace(about, stopped=True)


async def sweep(work: Work) -> None:
    """Forget links long after they expired, and the tokens that such links gave."""
    await work.run("DELETE FROM return_link WHERE expires_at < now() - make_interval(days => $1)", STOP_DAYS)
    await work.run("DELETE FROM identity WHERE expires_at < now() - interval '1 day'")
