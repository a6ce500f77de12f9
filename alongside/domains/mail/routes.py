"""Mail over HTTP: its state for every agent, its log and its test for who may manage it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import get, patch, post
from litestar.params import Parameter

from alongside.domains.mail import actions, queries
from alongside.domains.mail.policy import MANAGE
from alongside.domains.mail.schemas import EditMail, MailPage, MailState, MailTested
from alongside.kit.paging import read_cursor
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import Invalid
from alongside.platform.web import who

Cursor = Annotated[str | None, Parameter(max_length=200)]


@get("/mail", opt={"who": who.agent()})
async def read_mail_state(database: Database, config: Config) -> MailState:
    """Whether mail goes out, and how many letters wait."""
    return await actions.state(database, config)


@patch("/mail", opt={"who": who.agent(MANAGE)})
async def edit_mail(data: EditMail, actor: AgentActor, database: Database, config: Config) -> MailState:
    """Whether pushes and digests may say who wrote and what."""
    async with database.work() as work:
        await actions.set_push_text(work, actor, data.push_text)
    return await actions.state(database, config)


@get("/mail/log", opt={"who": who.agent(MANAGE)})
async def list_mail(database: Database, cursor: Cursor = None) -> MailPage:
    """What was sent, failed or waits, newest first."""
    try:
        place = read_cursor(cursor) if cursor else None
    except ValueError:
        raise Invalid("bad-cursor", "This cursor was not made by this server. Start again without one.") from None
    async with database.reading() as reading:
        return await queries.items(reading, place)


@post("/mail/test", status_code=200, opt={"who": who.agent(MANAGE)})
async def test_mail(actor: AgentActor, database: Database, config: Config) -> MailTested:
    """Send the agent who asks a letter, at once."""
    return await actions.test(database, config, actor)


@post("/mail/log/{mail_id:uuid}/try", status_code=204, opt={"who": who.agent(MANAGE)})
async def try_mail_again(mail_id: UUID, actor: AgentActor, database: Database) -> None:
    """Send a letter that waits or failed now."""
    async with database.work() as work:
        await actions.try_again(work, actor, mail_id)


ROUTES = [read_mail_state, edit_mail, list_mail, test_mail, try_mail_again]
