"""Files of tickets over HTTP: announced here, sent in parts, carried by a comment, fetched as every attachment."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, post

from alongside.domains.files import actions as files
from alongside.domains.files.queries import Place
from alongside.domains.files.schemas import NewUpload, Upload
from alongside.domains.files.uploading import allowance, upload_doors
from alongside.domains.tickets import actions, queries
from alongside.domains.tickets.actions.writing import no_such_ticket
from alongside.domains.tickets.policy import MANAGE
from alongside.domains.tickets.routes.tickets import Number
from alongside.domains.tickets.schemas import TicketRow
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.web import who


@post("/tickets/{number:int}/uploads", opt={"who": who.agent(MANAGE)})
async def begin_ticket_upload(
    number: Number, data: NewUpload, actor: AgentActor, database: Database, config: Config
) -> Upload:
    """Announce a file for a comment of this ticket. Its bytes follow by `PATCH /tickets/uploads/{id}`."""
    async with database.work() as work:
        if await queries.ticket(work, number) is None:
            raise no_such_ticket()
        return await files.begin_upload(work, actor, Place(ticket_number=number), data, allowance(config))


@delete("/tickets/{number:int}/files/{attachment_id:uuid}", status_code=200, opt={"who": who.agent(MANAGE)})
async def remove_ticket_file(number: Number, attachment_id: UUID, actor: AgentActor, database: Database) -> TicketRow:
    """Delete a file of a ticket for good."""
    async with database.work() as work:
        return await actions.remove_file(work, actor, number, attachment_id)


ROUTES = [begin_ticket_upload, remove_ticket_file, *upload_doors("/tickets/uploads", who.agent(MANAGE))]
