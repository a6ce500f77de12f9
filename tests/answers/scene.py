"""What the tests of answers by mail do again and again."""

from __future__ import annotations

import re
from email.message import EmailMessage

from alongside import contents
from alongside.domains.answers import actions as answers
from alongside.domains.channels import actions as channels
from alongside.domains.channels.schemas import EditChannel, EditSettings
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.schemas import Claims
from alongside.domains.mail import actions as mail
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft, Kind
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import VisitorActor
from tests.harness.smtp import all_tried, text_of
from tests.world import World

KINDS = {kind.name: kind for kind in contents.LETTERS}
ADDRESS = "vera@home.test"

EARLIER = """
WITH shift AS (SELECT make_interval(mins => $1) AS by),
rows AS (UPDATE conversation SET last_message_at = last_message_at - by, created_at = created_at - by,
                waiting_since = waiting_since - by FROM shift),
visits AS (UPDATE visit SET online_until = online_until - by FROM shift)
UPDATE entry SET at = at - by FROM shift
"""


async def switch(world: World, **settings: object) -> None:
    """Change the channel's settings."""
    async with world.database.work() as work:
        change = EditChannel(settings=EditSettings(**settings))  # type: ignore[arg-type]
        await channels.edit_channel(work, world.sol.actor, world.site.id, change)


async def leave_address(world: World, address: str = ADDRESS) -> None:
    """The page says which address its visitor has."""
    async with world.database.work() as work:
        await contacts.claim(work, world.vera.actor, Claims(email=address))


async def say(world: World, text: str, kind: Kind = "message") -> None:
    """Ada writes."""
    draft = Draft(new_client_id(), text, kind)
    await messages.post(world.database, world.ada.actor, world.conversation_id, draft, 10_000)


async def write(world: World, actor: VisitorActor, text: str) -> None:
    """The visitor writes."""
    await messages.post(world.database, actor, world.conversation_id, Draft(new_client_id(), text), 10_000)


async def minutes_pass(world: World, minutes: int) -> None:
    """Everything that was written, and every visit, is so much longer ago."""
    async with world.database.work() as work:
        await work.run(EARLIER, minutes)


async def round_of_mail(world: World) -> None:
    """What the jobs of a minute do."""
    await answers.queue_due(world.database)
    await mail.deliver(world.database, world.config, KINDS)
    await all_tried(world.database)


async def mailed_answer(world: World) -> None:
    """Vera left her address and went; Ada answered; the mail is out."""
    await switch(world, answers_by_mail=True)
    await leave_address(world)
    await say(world, "It is in stock.")
    await minutes_pass(world, 11)
    await round_of_mail(world)


def token_of(letter: EmailMessage) -> str:
    """The secret of the way back."""
    found = re.search(r"https://chat\.test/continue#(\S+)", text_of(letter))
    assert found
    return found[1]


def stop_of(letter: EmailMessage) -> str:
    """The address that stops the mail."""
    found = re.fullmatch(r"<https://chat\.test(/mail/stop/\S+)>", letter["List-Unsubscribe"])
    assert found
    return found[1]
