"""Text blocks over HTTP. Agents search those of everybody and of their teams; managers change all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter
from litestar.response import Stream

from alongside.domains.agents import queries as agent_queries
from alongside.domains.files import actions as files
from alongside.domains.files.queries import Place
from alongside.domains.files.schemas import NewUpload, Upload
from alongside.domains.files.uploading import allowance, upload_doors
from alongside.domains.textblocks import actions, queries
from alongside.domains.textblocks.logic import sheet
from alongside.domains.textblocks.policy import MANAGE, may_manage
from alongside.domains.textblocks.schemas import (
    EditTextBlock,
    NewTextBlock,
    Sort,
    TextBlock,
    TextBlockFilters,
    TextBlockImportReport,
    TextBlockPage,
    TextBlocksUsed,
)
from alongside.kit import csv
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import NotFound
from alongside.platform.web import who

# The multipart frame needs a little beside the file itself.
MOST_UPLOAD_BYTES = actions.MOST_FILE_BYTES + 100_000
DOWNLOAD = {"Content-Disposition": 'attachment; filename="text-blocks.csv"', "X-Content-Type-Options": "nosniff"}

Typed = Annotated[str, Parameter(max_length=200, description="Words of title, shortcut or text.")]
Tag = Annotated[str | None, Parameter(max_length=35, description="A language, such as de.")]
File = Annotated[
    UploadFile,
    Body(media_type=RequestEncodingType.MULTI_PART, description="Field `file`: CSV, UTF-8, a first line with names."),
]


@get("/text-blocks/search", opt={"who": who.agent()})
async def search_text_blocks(
    database: Database, actor: AgentActor, q: Typed = "", language: Tag = None
) -> list[TextBlock]:
    """The best of those that the agent may use, at most twenty; without `q` the most used. `language` comes first."""
    async with database.reading() as reading:
        return await queries.search(reading, actor.id, q, language)


@get("/text-blocks", opt={"who": who.agent()})
async def list_text_blocks(
    database: Database,
    actor: AgentActor,
    search: Typed = "",
    folder: Annotated[str | None, Parameter(max_length=80, description="Empty: those in none.")] = None,
    language: Annotated[str | None, Parameter(max_length=35, description="any: those that fit any.")] = None,
    team_id: UUID | None = None,
    sort: Sort = "title",
    limit: Annotated[int, Parameter(ge=1, le=200)] = 100,
    offset: Annotated[int, Parameter(ge=0, le=1_000_000)] = 0,
) -> TextBlockPage:
    """Text blocks by title or by use: those that the agent may use, or all to who manages them."""
    question = queries.ListQuestion(
        agent_id=_eyes_of(actor),
        search=search,
        folder=folder,
        language=language,
        team_id=team_id,
        sort=sort,
        limit=limit,
        offset=offset,
    )
    async with database.reading() as reading:
        return await queries.page(reading, question)


@get("/text-blocks/filters", opt={"who": who.agent()})
async def list_filters(database: Database, actor: AgentActor) -> TextBlockFilters:
    """Folders and languages of the text blocks that the agent sees."""
    async with database.reading() as reading:
        return await queries.filters(reading, _eyes_of(actor))


@post("/text-blocks", opt={"who": who.agent(MANAGE)})
async def create_text_block(data: NewTextBlock, actor: AgentActor, database: Database) -> TextBlock:
    """Make a text block."""
    async with database.work() as work:
        return await actions.create_text_block(work, actor, data)


@get("/text-blocks/{block_id:uuid}", opt={"who": who.agent(MANAGE)})
async def read_text_block(block_id: UUID, database: Database) -> TextBlock:
    """One text block."""
    async with database.reading() as reading:
        block = await queries.text_block(reading, block_id)
    if block is None:
        raise NotFound("no-such-text-block", "This text block does not exist (any more).")
    return block


@post("/text-blocks/uploads", opt={"who": who.agent(MANAGE)})
async def begin_text_block_upload(data: NewUpload, actor: AgentActor, database: Database, config: Config) -> Upload:
    """Announce a file for a text block. Its bytes follow by `PATCH /text-blocks/uploads/{id}`."""
    async with database.work() as work:
        return await files.begin_upload(work, actor, Place(), data, allowance(config))


@patch("/text-blocks/{block_id:uuid}", opt={"who": who.agent(MANAGE)})
async def edit_text_block(block_id: UUID, data: EditTextBlock, actor: AgentActor, database: Database) -> TextBlock:
    """Change a text block."""
    async with database.work() as work:
        return await actions.edit_text_block(work, actor, block_id, data)


@delete("/text-blocks/{block_id:uuid}", status_code=204, opt={"who": who.agent(MANAGE)})
async def delete_text_block(block_id: UUID, actor: AgentActor, database: Database) -> None:
    """Delete a text block; messages that were sent with it stay."""
    async with database.work() as work:
        await actions.delete_text_block(work, actor, block_id)


@post("/text-blocks/uses", status_code=204, opt={"who": who.agent()})
async def count_uses(data: TextBlocksUsed, actor: AgentActor, database: Database) -> None:
    """Count that something of these was sent."""
    async with database.statement() as work:
        await actions.count_uses(work, actor, data.ids)


@post(
    "/text-blocks/import/preview",
    status_code=200,
    opt={"who": who.agent(MANAGE)},
    request_max_body_size=MOST_UPLOAD_BYTES,
)
async def preview_import(data: File, actor: AgentActor, database: Database) -> TextBlockImportReport:
    """Tell what importing the file would do, line by line; nothing is changed."""
    content = await data.read(actions.MOST_FILE_BYTES + 1)
    return await actions.import_text_blocks(database, actor, content, preview=True)


@post(
    "/text-blocks/import",
    status_code=200,
    opt={"who": who.agent(MANAGE)},
    request_max_body_size=MOST_UPLOAD_BYTES,
)
async def import_text_blocks(data: File, actor: AgentActor, database: Database) -> TextBlockImportReport:
    """Make and change text blocks as the file says; with a problem in any line nothing is done."""
    content = await data.read(actions.MOST_FILE_BYTES + 1)
    return await actions.import_text_blocks(database, actor, content, preview=False)


@get("/text-blocks/export", opt={"who": who.agent(MANAGE)}, media_type="text/csv")
async def export_text_blocks(database: Database) -> Stream:
    """All text blocks as CSV, to be read by people or imported again."""
    async with database.reading() as reading:
        teams = {team.id: team.name for team in await agent_queries.teams(reading)}
    return Stream(_lines(database, teams), media_type="text/csv", headers=DOWNLOAD)


async def _lines(database: Database, teams: dict[UUID, str]) -> AsyncIterator[str]:
    yield csv.BOM + csv.write_row(sheet.COLUMNS)
    async for blocks in queries.pages_of_all(database):
        yield "".join(csv.write_row(sheet.cells_of(block, teams)) for block in blocks)


def _eyes_of(actor: AgentActor) -> UUID | None:
    """For whom the list is narrowed; who manages text blocks sees all."""
    return None if may_manage(actor) else actor.id


ROUTES = [
    search_text_blocks,
    list_text_blocks,
    list_filters,
    create_text_block,
    read_text_block,
    edit_text_block,
    delete_text_block,
    count_uses,
    preview_import,
    import_text_blocks,
    export_text_blocks,
    begin_text_block_upload,
    *upload_doors("/text-blocks/uploads", who.agent(MANAGE)),
]
