"""What an agent wants to be told, and the browsers that take pushes for them."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.notifications import pushing, queries
from alongside.domains.notifications.schemas import NewPushDevice, NotificationSettings
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database, Work
from alongside.platform.egress import Egress, NotSent
from alongside.platform.errors import Conflict, Invalid, NotFound

MOST_DEVICES = 20


async def choose(work: Work, actor: AgentActor, settings: NotificationSettings) -> None:
    """What one wants to be told from now on."""
    await work.run(
        """
        INSERT INTO notification_settings
            (agent_id, choices, repeat_sound, when_offline, waiting_minutes, digest_minutes)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (agent_id) DO UPDATE SET choices = excluded.choices, repeat_sound = excluded.repeat_sound,
            when_offline = excluded.when_offline, waiting_minutes = excluded.waiting_minutes,
            digest_minutes = excluded.digest_minutes
        """,
        actor.id,
        settings.choices,
        settings.repeat_sound,
        settings.when_offline,
        settings.waiting_minutes,
        settings.digest_minutes,
    )


async def push_key(database: Database) -> str:
    """What browsers subscribe with. The key is made when it is first asked for; of two, the first stays."""
    async with database.reading() as reading:
        found = await queries.key(reading)
    if found is None:
        async with database.work() as work:
            await work.run("INSERT INTO push_key (private_pem) VALUES ($1) ON CONFLICT DO NOTHING", pushing.new_key())
            found = await queries.key(work)
    assert found is not None
    return pushing.public_key(found)


async def subscribe(work: Work, egress: Egress, actor: AgentActor, new: NewPushDevice, user_agent: str) -> None:
    """This browser takes pushes for the agent. One that did for somebody else now does for this one."""
    try:
        egress.checked(new.endpoint)
    except NotSent as problem:
        raise Invalid(problem.code, problem.message) from None
    if not pushing.is_subscription(new.p256dh, new.auth):
        raise Invalid("subscription-malformed", "These are no keys of a browser's subscription. Subscribe again.")
    await work.run("SELECT FROM agent WHERE id = $1 FOR UPDATE", actor.id)
    held = await work.value(
        "SELECT count(*) FROM push_device WHERE agent_id = $1 AND endpoint <> $2", actor.id, new.endpoint
    )
    if held >= MOST_DEVICES:
        raise Conflict("too-many-devices", f"At most {MOST_DEVICES} browsers take pushes. Remove one that is not used.")
    await work.run(
        """
        INSERT INTO push_device (agent_id, session_id, endpoint, p256dh, auth, user_agent)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (endpoint) DO UPDATE SET agent_id = excluded.agent_id, session_id = excluded.session_id,
            p256dh = excluded.p256dh, auth = excluded.auth, user_agent = excluded.user_agent, created_at = now()
        """,
        actor.id,
        actor.session_id,
        new.endpoint,
        new.p256dh,
        new.auth,
        user_agent[:300],
    )


async def unsubscribe(work: Work, actor: AgentActor, device_id: UUID) -> None:
    """One of one's browsers takes no pushes any more."""
    if not await work.run("DELETE FROM push_device WHERE id = $1 AND agent_id = $2", device_id, actor.id):
        raise NotFound("no-such-device", "This browser takes no pushes (any more).")
