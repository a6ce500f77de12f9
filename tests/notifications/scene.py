"""What the tests of notifications do again and again."""

from __future__ import annotations

import msgspec

from alongside import contents
from alongside.domains.agents import actions as agents
from alongside.domains.mail import actions as mail
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.notifications import actions as notifications
from alongside.domains.notifications.schemas import Choices, NewPushDevice, NotificationSettings, Ways
from alongside.kit.ids import new_client_id
from alongside.platform.egress import Egress
from tests.harness.pushes import Device
from tests.world import Colleague, World

KINDS = {kind.name: kind for kind in contents.LETTERS}
QUIET = Ways(popup=False, sound=False, browser=False, push=False, mail=False)
SILENT = Choices(new_conversation=QUIET, new_message=QUIET, assigned=QUIET, waiting=QUIET)


def egress(world: World) -> Egress:
    return Egress(world.config.egress_networks)


async def go_online(world: World, who: Colleague) -> None:
    await agents.go_online(world.database, who.actor, True)


async def subscribe(world: World, who: Colleague, device: Device) -> None:
    """A browser of this colleague takes pushes."""
    await notifications.push_key(world.database)
    async with world.database.work() as work:
        new = msgspec.convert(device.subscription, NewPushDevice)
        await notifications.subscribe(work, egress(world), who.actor, new, "Firefox on Debian")


async def choose(world: World, who: Colleague, **change: object) -> None:
    """Choose, from the defaults."""
    async with world.database.work() as work:
        await notifications.choose(work, who.actor, NotificationSettings(**change))  # type: ignore[arg-type]


async def write(world: World, text: str = "And the blue one?") -> None:
    """Vera writes."""
    draft = Draft(new_client_id(), text)
    await messages.post(world.database, world.vera.actor, world.conversation_id, draft, 10_000)


async def consider(world: World) -> None:
    """What the watch of the process does a moment later."""
    await notifications.consider(world.database, [world.conversation_id])


async def due(world: World) -> None:
    """The grace, or the time of gathering, is over."""
    async with world.database.work() as work:
        await work.run("UPDATE notification SET due_at = now() WHERE state = 'waiting'")


async def push(world: World) -> None:
    """Everything that is noted is pushed."""
    await consider(world)
    await due(world)
    await notifications.deliver_pushes(world.database, world.config, egress(world))


async def post(world: World) -> None:
    """Everything that is noted is mailed."""
    await consider(world)
    await due(world)
    await notifications.queue_digests(world.database)
    await mail.deliver(world.database, world.config, KINDS)


async def log(world: World, who: Colleague, way: str = "push") -> list[tuple[str, str, str]]:
    async with world.database.reading() as reading:
        rows = await reading.rows(
            "SELECT event, state, reason FROM notification WHERE agent_id = $1 AND way = $2 ORDER BY created_at, event",
            who.id,
            way,
        )
    return [(row["event"], row["state"], row["reason"]) for row in rows]
