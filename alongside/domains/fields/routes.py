"""Fields over HTTP. Every agent reads those whose values they may know; defining them needs a permission."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, patch, post, put

from alongside.domains.fields import actions, policy, queries
from alongside.domains.fields.policy import MANAGE
from alongside.domains.fields.schemas import EditField, Field, FieldList, FieldUse, NewField, OrderFields
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/fields", opt={"who": who.agent()})
async def list_fields(actor: AgentActor, database: Database) -> FieldList:
    """The fields in use whose values one may know. Who manages fields gets all definitions, archived ones too."""
    async with database.reading() as reading:
        if policy.may_manage(actor):
            return FieldList(await queries.fields(reading))
        return FieldList(await queries.fields_for(reading, actor))


@post("/fields", opt={"who": who.agent(MANAGE)})
async def create_field(data: NewField, actor: AgentActor, database: Database) -> Field:
    """Define a field."""
    async with database.work() as work:
        return await actions.create_field(work, actor, data)


@put("/fields/order", status_code=204, opt={"who": who.agent(MANAGE)})
async def order_fields(data: OrderFields, actor: AgentActor, database: Database) -> None:
    """Show the fields in another order."""
    async with database.work() as work:
        await actions.order_fields(work, actor, data.ids)


@patch("/fields/{field_id:uuid}", opt={"who": who.agent(MANAGE)})
async def edit_field(field_id: UUID, data: EditField, actor: AgentActor, database: Database) -> Field:
    """Change a field, archive it, or take it back."""
    async with database.work() as work:
        return await actions.edit_field(work, actor, field_id, data)


@get("/fields/{field_id:uuid}/use", opt={"who": who.agent(MANAGE)})
async def field_use(field_id: UUID, database: Database) -> FieldUse:
    """How many contacts have a value of a field: what deleting it would take away."""
    async with database.reading() as reading:
        return FieldUse(await queries.use(reading, field_id))


@delete("/fields/{field_id:uuid}", status_code=204, opt={"who": who.agent(MANAGE)})
async def delete_field(field_id: UUID, actor: AgentActor, database: Database) -> None:
    """Delete an archived field with all its values, for good."""
    async with database.work() as work:
        await actions.delete_field(work, actor, field_id)


ROUTES = [list_fields, create_field, order_fields, edit_field, field_use, delete_field]
