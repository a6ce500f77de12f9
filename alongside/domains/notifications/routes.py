"""An agent's own notifications over HTTP. Nobody reads or changes another's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, delete, get, post, put

from alongside.domains.mail import actions as mail
from alongside.domains.notifications import actions, queries
from alongside.domains.notifications.schemas import (
    NewPushDevice,
    NotificationLog,
    Notifications,
    NotificationSettings,
    Tested,
    TestNotification,
)
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.egress import Egress
from alongside.platform.web import who

AnyRequest = Request[Any, Any, Any]


@get("/me/notifications", opt={"who": who.person()})
async def read_notifications(actor: AgentActor, database: Database, config: Config) -> Notifications:
    """What one wants to be told, and the browsers that take pushes."""
    return await _all(database, config, actor)


@put("/me/notifications", opt={"who": who.person()})
async def choose_notifications(
    data: NotificationSettings, actor: AgentActor, database: Database, config: Config
) -> Notifications:
    """Choose what one wants to be told."""
    async with database.work() as work:
        await actions.choose(work, actor, data)
    return await _all(database, config, actor)


@post("/me/notifications/devices", opt={"who": who.person()}, status_code=200)
async def subscribe_device(
    data: NewPushDevice, request: AnyRequest, actor: AgentActor, database: Database, config: Config
) -> Notifications:
    """Let this browser take pushes."""
    async with database.work() as work:
        egress = Egress(config.egress_networks)
        await actions.subscribe(work, egress, actor, data, request.headers.get("user-agent", ""))
    return await _all(database, config, actor)


@delete("/me/notifications/devices/{device_id:uuid}", status_code=200, opt={"who": who.person()})
async def unsubscribe_device(device_id: UUID, actor: AgentActor, database: Database, config: Config) -> Notifications:
    """Let a browser take none any more."""
    async with database.work() as work:
        await actions.unsubscribe(work, actor, device_id)
    return await _all(database, config, actor)


@post("/me/notifications/test", opt={"who": who.person()}, status_code=200)
async def test_notification(data: TestNotification, actor: AgentActor, database: Database, config: Config) -> Tested:
    """Try a way, at once."""
    if data.way == "mail":
        return await actions.test_mail(database, config, actor)
    return await actions.test_push(database, config, Egress(config.egress_networks), actor)


@get("/me/notifications/log", opt={"who": who.person()})
async def read_notification_log(actor: AgentActor, database: Database) -> NotificationLog:
    """What one was told lately, and what could not be delivered and why."""
    async with database.reading() as reading:
        return await queries.log(reading, actor.id)


async def _all(database: Database, config: Config, actor: AgentActor) -> Notifications:
    key, state = await actions.push_key(database), await mail.state(database, config)
    async with database.reading() as reading:
        return Notifications(
            settings=await queries.settings(reading, actor.id),
            push_key=key,
            devices=await queries.devices(reading, actor.id, actor.session_id),
            mail_configured=state.configured,
            push_text=state.push_text,
        )


ROUTES = [
    read_notifications,
    choose_notifications,
    subscribe_device,
    unsubscribe_device,
    test_notification,
    read_notification_log,
]
