"""Webhooks over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post
from litestar.params import Parameter, QueryParameter

from alongside.domains.webhooks import actions, queries
from alongside.domains.webhooks.policy import MANAGE
from alongside.domains.webhooks.schemas import (
    DeliveryDetails,
    DeliveryList,
    DeliveryState,
    EditWebhook,
    NewWebhook,
    Replayed,
    ReplayPeriod,
    Webhook,
    WebhookMade,
)
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.egress import Egress
from alongside.platform.errors import NotFound
from alongside.platform.web import who

Before = Annotated[int | None, Parameter(ge=1, le=2**62, description="`next_before` of the page before.")]


@get("/webhooks", opt={"who": who.agent(MANAGE)})
async def list_webhooks(database: Database) -> list[Webhook]:
    """All webhooks by name."""
    async with database.reading() as reading:
        return await queries.webhooks(reading)


@post("/webhooks", opt={"who": who.agent(MANAGE)})
async def create_webhook(data: NewWebhook, actor: AgentActor, database: Database, egress: Egress) -> WebhookMade:
    """Make a webhook. Its secret is told now and never again."""
    async with database.work() as work:
        return await actions.create_webhook(work, actor, egress, data)


@patch("/webhooks/{webhook_id:uuid}", opt={"who": who.agent(MANAGE)})
async def edit_webhook(
    webhook_id: UUID, data: EditWebhook, actor: AgentActor, database: Database, egress: Egress
) -> Webhook:
    """Change a webhook, or switch it on or off."""
    async with database.work() as work:
        return await actions.edit_webhook(work, actor, egress, webhook_id, data)


@delete("/webhooks/{webhook_id:uuid}", status_code=204, opt={"who": who.agent(MANAGE)})
async def delete_webhook(webhook_id: UUID, actor: AgentActor, database: Database) -> None:
    """Delete a webhook and all that it was sent."""
    async with database.work() as work:
        await actions.delete_webhook(work, actor, webhook_id)


@post("/webhooks/{webhook_id:uuid}/secret", status_code=200, opt={"who": who.agent(MANAGE)})
async def renew_secret(webhook_id: UUID, actor: AgentActor, database: Database) -> WebhookMade:
    """A new secret; the former one signs as well for a day."""
    async with database.work() as work:
        return await actions.renew_secret(work, actor, webhook_id)


@post("/webhooks/{webhook_id:uuid}/test", opt={"who": who.agent(MANAGE)})
async def send_test(webhook_id: UUID, actor: AgentActor, database: Database) -> DeliveryDetails:
    """Send a test event. How it went is read from the delivery."""
    async with database.work() as work:
        return await actions.send_test(work, actor, webhook_id)


@post("/webhooks/{webhook_id:uuid}/replay", status_code=200, opt={"who": who.agent(MANAGE)})
async def replay(webhook_id: UUID, data: ReplayPeriod, actor: AgentActor, database: Database) -> Replayed:
    """Tell again what happened in a period, under the same ids."""
    async with database.work() as work:
        return await actions.replay(work, actor, webhook_id, data)


@get("/webhooks/{webhook_id:uuid}/deliveries", opt={"who": who.agent(MANAGE)})
async def list_deliveries(
    webhook_id: UUID,
    database: Database,
    only: Annotated[DeliveryState | None, QueryParameter(name="state")] = None,
    before: Before = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
) -> DeliveryList:
    """What a webhook was sent in the last two weeks, newest first."""
    async with database.snapshot() as reading:
        if await queries.webhook(reading, webhook_id) is None:
            raise NotFound("no-such-webhook", "This webhook does not exist (any more).")
        return await queries.deliveries(reading, webhook_id, only, before, limit)


@get("/webhooks/{webhook_id:uuid}/deliveries/{delivery_id:uuid}", opt={"who": who.agent(MANAGE)})
async def read_delivery(webhook_id: UUID, delivery_id: UUID, database: Database) -> DeliveryDetails:
    """One delivery with what was sent and answered."""
    async with database.reading() as reading:
        found = await queries.delivery(reading, webhook_id, delivery_id)
    if found is None:
        raise NotFound("no-such-delivery", "This delivery does not exist (any more): they are kept for two weeks.")
    return found


@post(
    "/webhooks/{webhook_id:uuid}/deliveries/{delivery_id:uuid}/again", status_code=200, opt={"who": who.agent(MANAGE)}
)
async def redeliver(webhook_id: UUID, delivery_id: UUID, actor: AgentActor, database: Database) -> DeliveryDetails:
    """Send one event again, under the same id."""
    async with database.work() as work:
        return await actions.redeliver(work, actor, webhook_id, delivery_id)


ROUTES = [
    list_webhooks,
    create_webhook,
    edit_webhook,
    delete_webhook,
    renew_secret,
    send_test,
    replay,
    list_deliveries,
    read_delivery,
    redeliver,
]
