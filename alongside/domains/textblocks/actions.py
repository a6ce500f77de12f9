"""What can be done to text blocks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import asyncpg
from msgspec import UNSET
from msgspec.structs import replace

from alongside.domains.agents import queries as agent_queries
from alongside.domains.files import actions as files
from alongside.domains.files.policy import MOST_TOGETHER
from alongside.domains.files.queries import Place
from alongside.domains.files.schemas import Attachment
from alongside.domains.textblocks import policy, queries
from alongside.domains.textblocks.events import TextBlocksChanged
from alongside.domains.textblocks.logic import sheet
from alongside.domains.textblocks.logic.content import MOST_TEAMS, content, search_forms
from alongside.domains.textblocks.logic.sheet import Scope, Stored
from alongside.domains.textblocks.schemas import EditTextBlock, NewTextBlock, TextBlock, TextBlockImportReport
from alongside.platform.auth.actor import AgentActor, SystemActor
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge

# A search looks at each of them.
MOST_BLOCKS = 20_000
MOST_FILE_BYTES = 2_000_000

STORE = """
INSERT INTO text_block
    (id, title, shortcut, text, folder, language, everybody, search_title, search_shortcut, search_text)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (id) DO UPDATE SET
    title = excluded.title, shortcut = excluded.shortcut, text = excluded.text, folder = excluded.folder,
    language = excluded.language, everybody = excluded.everybody, search_title = excluded.search_title,
    search_shortcut = excluded.search_shortcut, search_text = excluded.search_text, updated_at = now()
"""
CLEAR_SCOPE = "DELETE FROM text_block_scope WHERE text_block_id = ANY ($1)"
SET_SCOPE = "INSERT INTO text_block_scope (text_block_id, team_id, shortcut, language) VALUES ($1, $2, $3, $4)"
# All files of a block but those that it keeps.
DROP_FILES = """
DELETE FROM attachment WHERE id IN (
    SELECT attachment_id FROM text_block_attachment WHERE text_block_id = $1 AND attachment_id <> ALL ($2::uuid[]))
"""
SET_FILES = """
INSERT INTO text_block_attachment (attachment_id, text_block_id, place)
SELECT id, $1, place FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted (id, place)
"""
# Locked in one order, so that two messages with the same blocks never wait for each other.
COUNT_USES = f"""
WITH used AS (
    SELECT b.id, (SELECT count(*) FROM unnest($2::uuid[]) AS named WHERE named = b.id) AS times
    FROM text_block b WHERE b.id = ANY ($2::uuid[]) AND {queries.USABLE} ORDER BY b.id FOR NO KEY UPDATE
)
UPDATE text_block b SET uses = b.uses + used.times, last_used_at = now() FROM used WHERE b.id = used.id
"""
# Waits for whoever changes a block, and lets nobody until the file is in. Searches go on.
ALONE = "LOCK TABLE text_block IN EXCLUSIVE MODE"


async def create_text_block(work: Work, actor: AgentActor | SystemActor, new: NewTextBlock) -> TextBlock:
    """Make a text block. Raises `Conflict` for a shortcut that is taken."""
    _require_manage(actor)
    if await queries.count(work) >= MOST_BLOCKS:
        raise _too_many()
    parts = content(title=new.title, text=new.text, shortcut=new.shortcut, folder=new.folder, language=new.language)
    block = Stored(uuid4(), parts, _scope(new.team_ids))
    return await _write(work, replace(block, files=await _choose_files(work, actor, block.id, new.files)))


async def edit_text_block(
    work: Work, actor: AgentActor | SystemActor, block_id: UUID, change: EditTextBlock
) -> TextBlock:
    """Change a text block; fields left out stay as they are."""
    _require_manage(actor)
    current = await queries.text_block_for_update(work, block_id)
    if current is None:
        raise _gone()
    parts = content(
        title=current.title if change.title is UNSET else change.title,
        text=current.text if change.text is UNSET else change.text,
        shortcut=current.shortcut if change.shortcut is UNSET else change.shortcut,
        folder=current.folder if change.folder is UNSET else change.folder,
        language=current.language if change.language is UNSET else change.language,
    )
    kept = None if current.team_ids is None else frozenset(current.team_ids)
    scope = kept if change.team_ids is UNSET else _scope(change.team_ids)
    wanted = None if change.files is UNSET else await _choose_files(work, actor, block_id, change.files)
    return await _write(work, Stored(block_id, parts, scope, wanted))


async def delete_text_block(work: Work, actor: AgentActor | SystemActor, block_id: UUID) -> None:
    """Delete a text block. What was sent with it stays as it was sent."""
    _require_manage(actor)
    await work.run(DROP_FILES, block_id, [])
    if not await work.run("DELETE FROM text_block WHERE id = $1", block_id):
        raise _gone()
    work.announce(TextBlocksChanged())


async def copy_files(work: Work, actor: AgentActor, block_id: UUID, place: Place) -> list[Attachment]:
    """Copies of a block's files, ready for a message of the actor. They share the bytes and outlive the block.

    Raises `NotFound` for a block that the actor may not use.
    """
    ids = await queries.usable_files(work, None if policy.may_manage(actor) else actor.id, block_id)
    if ids is None:
        raise _gone()
    return await files.copy_attachments(work, actor, place, ids) if ids else []


async def count_uses(work: Work, actor: AgentActor, block_ids: Sequence[UUID]) -> None:
    """Something of these blocks was sent; one named twice counts twice. Those that the agent may not see do not."""
    await work.run(COUNT_USES, actor.id, list(block_ids))


async def import_text_blocks(
    database: Database, actor: AgentActor, file: bytes, *, preview: bool
) -> TextBlockImportReport:
    """Make and change text blocks as a file says, all of it or nothing. Nothing is deleted.

    Raises `Invalid` for a file that cannot be read or, unless it is only a preview, has a problem in any line.
    """
    _require_manage(actor)
    if len(file) > MOST_FILE_BYTES:
        raise TooLarge("csv-too-large", f"The file is larger than {MOST_FILE_BYTES // 1_000_000} MB. Split it.")
    read = await asyncio.to_thread(sheet.read, file)
    async with database.work() as work:
        if not preview:
            await work.run(ALONE)
        blocks = await queries.all_text_blocks(work)
        teams = {team.id: team.name for team in await agent_queries.teams(work)}
        plan = await asyncio.to_thread(sheet.plan, read, blocks, teams)
        if len(blocks) + plan.report.new > MOST_BLOCKS:
            raise _too_many()
        if not preview:
            await _carry_out(work, plan)
        return plan.report


async def _carry_out(work: Work, plan: sheet.Plan) -> None:
    if plan.report.problem_count:
        raise Invalid(
            "import-has-problems",
            f"Nothing was imported: {plan.report.problem_count} lines have a problem. Mend them and try again.",
        )
    if plan.writes:
        await _store(work, plan.writes)


async def _write(work: Work, block: Stored) -> TextBlock:
    await _store(work, [block])
    written = await queries.text_block(work, block.id)
    if written is None:
        raise LookupError("written in this transaction")
    return written


async def _choose_files(work: Work, actor: AgentActor | SystemActor, block_id: UUID, ids: Sequence[UUID]) -> list[UUID]:
    """The files that a block is to have; those of another block are copied."""
    if len(ids) > MOST_TOGETHER or len(set(ids)) < len(ids):
        raise Invalid("too-many-files", f"A text block carries up to {MOST_TOGETHER} files, each of them once.")
    if not ids or isinstance(actor, SystemActor):
        return []
    found = await queries.chosen_files(work, actor.id, ids)
    if len(found) < len(ids):
        raise NotFound("no-such-upload", "One of the files is not there (any more), or not whole yet. Attach it again.")
    chosen = []
    for file_id, holder in found.items():
        copies = [] if holder in {None, block_id} else await files.copy_attachments(work, actor, Place(), [file_id])
        chosen.append(copies[0].id if copies else file_id)
    return chosen


async def _set_files(work: Work, block_id: UUID, ids: Sequence[UUID]) -> None:
    await work.run(DROP_FILES, block_id, list(ids))
    await work.run("DELETE FROM text_block_attachment WHERE text_block_id = $1", block_id)
    try:
        await work.run(SET_FILES, block_id, list(ids))
    except asyncpg.UniqueViolationError:
        raise Conflict("file-sent-already", "Another text block has one of these files now. Attach it again.") from None
    except asyncpg.ForeignKeyViolationError:
        raise NotFound("no-such-upload", "One of the files is not there any more. Attach it again.") from None


async def _store(work: Work, blocks: Sequence[Stored]) -> None:
    await work.many(STORE, [_row(each) for each in blocks])
    for each in blocks:
        if each.files is not None:
            await _set_files(work, each.id, each.files)
    await work.run(CLEAR_SCOPE, [each.id for each in blocks])
    try:
        await work.many(SET_SCOPE, [row for each in blocks for row in _scope_rows(each)])
    except asyncpg.UniqueViolationError:
        raise Conflict(
            "text-block-shortcut-taken",
            "Another text block of the same teams and language has this shortcut. Choose another.",
        ) from None
    except asyncpg.ForeignKeyViolationError:
        raise NotFound("no-such-team", "One of these teams does not exist (any more).") from None
    work.announce(TextBlocksChanged())


def _row(block: Stored) -> tuple[object, ...]:
    parts = block.content
    return (
        *(block.id, parts.title, parts.shortcut, parts.text, parts.folder, parts.language),
        *(block.scope is None, *search_forms(parts)),
    )


def _scope_rows(block: Stored) -> list[tuple[object, ...]]:
    rest = (block.content.shortcut, block.content.language)
    if block.scope is None:
        return [(block.id, None, *rest)]
    return [(block.id, team, *rest) for team in sorted(block.scope)]


def _scope(team_ids: Sequence[UUID] | None) -> Scope:
    if team_ids is None:
        return None
    if not 1 <= len(set(team_ids)) <= MOST_TEAMS:
        raise Invalid(
            "text-block-teams-malformed", f"Choose between 1 and {MOST_TEAMS} teams, or make it for everybody."
        )
    return frozenset(team_ids)


def _too_many() -> Conflict:
    return Conflict("too-many-text-blocks", f"There can be at most {MOST_BLOCKS:,} text blocks. Delete some first.")


def _gone() -> NotFound:
    return NotFound("no-such-text-block", "This text block does not exist (any more).")


def _require_manage(actor: AgentActor | SystemActor) -> None:
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow managing text blocks. Ask an admin for it.")
