"""Labels over HTTP. Every agent may read them; making and changing them needs a permission."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, patch, post

from alongside.domains.labels import actions, queries
from alongside.domains.labels.policy import MANAGE
from alongside.domains.labels.schemas import EditLabel, Label, NewLabel
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/labels", opt={"who": who.agent()})
async def list_labels(database: Database) -> list[Label]:
    """All labels by name."""
    async with database.reading() as reading:
        return await queries.labels(reading)


@post("/labels", opt={"who": who.agent(MANAGE)})
async def create_label(data: NewLabel, actor: AgentActor, database: Database) -> Label:
    """Make a label."""
    async with database.work() as work:
        return await actions.create_label(work, actor, data)


@patch("/labels/{label_id:uuid}", opt={"who": who.agent(MANAGE)})
async def edit_label(label_id: UUID, data: EditLabel, actor: AgentActor, database: Database) -> Label:
    """Give a label another name or colour."""
    async with database.work() as work:
        return await actions.edit_label(work, actor, label_id, data)


@delete("/labels/{label_id:uuid}", status_code=204, opt={"who": who.agent(MANAGE)})
async def delete_label(label_id: UUID, actor: AgentActor, database: Database) -> None:
    """Delete a label, and take it off everything that carries it."""
    async with database.work() as work:
        await actions.delete_label(work, actor, label_id)


ROUTES = [list_labels, create_label, edit_label, delete_label]
