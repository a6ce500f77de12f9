"""Webhooks: made, changed, tried out, told again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET

from alongside.domains.webhooks import logic, policy, queries
from alongside.domains.webhooks.events import WebhookConfigured, WebhooksChanged
from alongside.domains.webhooks.schemas import (
    DeliveryDetails,
    EditWebhook,
    HookEvent,
    NewWebhook,
    Replayed,
    ReplayPeriod,
    TestEvent,
    Webhook,
    WebhookMade,
)
from alongside.kit.ids import new_id
from alongside.kit.time import now
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.egress import Egress, NotSent
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound

Change = Literal["created", "edited", "deleted", "secret-renewed", "replayed"]

MOST_WEBHOOKS = 50
MOST_REPLAYED = 20_000
LONGEST_PERIOD = timedelta(days=31)
# How long the former secret signs as well.
CHANGE_OVER_HOURS = 24

INSERT = """
INSERT INTO webhook (name, url, events, secret, created_by) VALUES ($1, $2, $3, $4, $5) RETURNING id
"""

UPDATE = """
UPDATE webhook SET name = coalesce($2, name), url = coalesce($3, url), events = coalesce($4, events),
    active = coalesce($5, active),
    off_reason = CASE WHEN $5 IS NULL THEN off_reason END,
    failing_since = CASE WHEN $5 THEN NULL ELSE failing_since END
WHERE id = $1
"""

RENEW = """
UPDATE webhook SET secret = $2, previous_secret = secret, previous_until = now() + make_interval(hours => $3)
WHERE id = $1
"""

TEST = "INSERT INTO webhook_delivery (webhook_id, event_id, type, body) VALUES ($1, $2, 'test', $3) RETURNING id"

AGAIN = """
UPDATE webhook_delivery SET state = 'waiting', attempts = 0, due_at = now() WHERE webhook_id = $1 AND id = $2
"""

REPLAY = """
INSERT INTO webhook_fact (conversation_id, seq, webhook_id)
SELECT conversation_id, seq, $1 FROM entry WHERE at >= $2 AND at < $3 ORDER BY conversation_id, seq
"""


async def create_webhook(work: Work, actor: AgentActor, egress: Egress, new: NewWebhook) -> WebhookMade:
    """Make a webhook. It is told of what happens from now on."""
    _require_manage(actor)
    # One after the other, so that the limit holds.
    await work.run("LOCK TABLE webhook IN SHARE ROW EXCLUSIVE MODE")
    if await queries.count(work) >= MOST_WEBHOOKS:
        raise Conflict("too-many-webhooks", f"There are at most {MOST_WEBHOOKS} webhooks. Delete one that is not used.")
    secret = logic.new_secret()
    events = sorted(set(new.events))
    name, url = logic.webhook_name(new.name), _address(egress, new.url)
    webhook_id: UUID = await work.value(INSERT, name, url, events, secret, actor.id)
    webhook = await _webhook(work, webhook_id)
    _tell(work, actor, webhook, "created", {"events": events})
    return WebhookMade(webhook, secret)


async def edit_webhook(work: Work, actor: AgentActor, egress: Egress, webhook_id: UUID, change: EditWebhook) -> Webhook:
    """Change a webhook, or switch it on or off. What waits for one that is off goes out when it is on again."""
    _require_manage(actor)
    changed = await work.run(
        UPDATE,
        webhook_id,
        None if change.name is UNSET else logic.webhook_name(change.name),
        None if change.url is UNSET else _address(egress, change.url),
        None if change.events is UNSET else sorted(set(change.events)),
        None if change.active is UNSET else change.active,
    )
    if not changed:
        raise _no_such_webhook()
    webhook = await _webhook(work, webhook_id)
    _tell(work, actor, webhook, "edited", {"events": webhook.events, "active": webhook.active})
    return webhook


async def renew_secret(work: Work, actor: AgentActor, webhook_id: UUID) -> WebhookMade:
    """A new secret. The former one signs as well for a day, so that the receiver can change over."""
    _require_manage(actor)
    secret = logic.new_secret()
    if not await work.run(RENEW, webhook_id, secret, CHANGE_OVER_HOURS):
        raise _no_such_webhook()
    webhook = await _webhook(work, webhook_id)
    _tell(work, actor, webhook, "secret-renewed", {})
    return WebhookMade(webhook, secret)


async def delete_webhook(work: Work, actor: AgentActor, webhook_id: UUID) -> None:
    """Delete a webhook and all that it was sent."""
    _require_manage(actor)
    webhook = await queries.webhook(work, webhook_id)
    if webhook is None or not await work.run("DELETE FROM webhook WHERE id = $1", webhook_id):
        raise _no_such_webhook()
    _tell(work, actor, webhook, "deleted", {})


async def send_test(work: Work, actor: AgentActor, webhook_id: UUID) -> DeliveryDetails:
    """Put a test event in line; it goes out at once, signed like any other."""
    await _require_active(work, actor, webhook_id)
    event = HookEvent(type="test", timestamp=now(), data=TestEvent(message="This is a test of your webhook."))
    body = msgspec.json.encode(event).decode()
    delivery_id: UUID = await work.value(TEST, webhook_id, f"evt_{new_id().hex}", body)
    work.announce(WebhooksChanged())
    return await _delivery(work, webhook_id, delivery_id)


async def redeliver(work: Work, actor: AgentActor, webhook_id: UUID, delivery_id: UUID) -> DeliveryDetails:
    """Send one event again, under the same id."""
    await _require_active(work, actor, webhook_id)
    if not await work.run(AGAIN, webhook_id, delivery_id):
        raise NotFound("no-such-delivery", "This delivery does not exist (any more): they are kept for two weeks.")
    work.announce(WebhooksChanged())
    return await _delivery(work, webhook_id, delivery_id)


async def replay(work: Work, actor: AgentActor, webhook_id: UUID, period: ReplayPeriod) -> Replayed:
    """Tell a webhook again what happened in a period, from the log itself, under the same ids."""
    webhook = await _require_active(work, actor, webhook_id)
    if not timedelta(0) < period.until - period.since <= LONGEST_PERIOD:
        raise Invalid("bad-period", f"A period begins before it ends, and lasts at most {LONGEST_PERIOD.days} days.")
    entries = await queries.entries_of_period(work, period.since, period.until, MOST_REPLAYED + 1)
    if entries > MOST_REPLAYED:
        raise Invalid(
            "period-too-full", f"More than {MOST_REPLAYED:,} things happened in this period. Choose a shorter one."
        )
    await work.run(REPLAY, webhook_id, period.since, period.until)
    _tell(work, actor, webhook, "replayed", {"since": period.since, "until": period.until})
    return Replayed(entries)


async def _require_active(work: Work, actor: AgentActor, webhook_id: UUID) -> Webhook:
    _require_manage(actor)
    webhook = await queries.webhook(work, webhook_id)
    if webhook is None:
        raise _no_such_webhook()
    if not webhook.active:
        raise Conflict("webhook-off", "This webhook is switched off. Switch it on first.")
    return webhook


def _tell(work: Work, actor: AgentActor, webhook: Webhook, change: Change, values: dict[str, Any]) -> None:
    work.announce(WebhooksChanged())
    work.announce(
        WebhookConfigured(actor_id=actor.id, webhook_id=webhook.id, name=webhook.name, change=change, values=values)
    )


async def _webhook(work: Work, webhook_id: UUID) -> Webhook:
    webhook = await queries.webhook(work, webhook_id)
    if webhook is None:
        raise LookupError("written in this transaction")
    return webhook


async def _delivery(work: Work, webhook_id: UUID, delivery_id: UUID) -> DeliveryDetails:
    delivery = await queries.delivery(work, webhook_id, delivery_id)
    if delivery is None:
        raise LookupError("written in this transaction")
    return delivery


def _address(egress: Egress, url: str) -> str:
    try:
        egress.checked(url.strip())
    except NotSent as refusal:
        raise Invalid(refusal.code, refusal.message) from None
    return url.strip()


def _require_manage(actor: AgentActor) -> None:
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow managing webhooks. Ask an admin for it.")


def _no_such_webhook() -> NotFound:
    return NotFound("no-such-webhook", "This webhook does not exist (any more).")
