"""Everything that is asked of text blocks.

At ten thousand blocks a look at each costs less than an index of their parts would; docs/decisions/text-block-search.md
has the figures.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import msgspec

from alongside.domains.files.schemas import Attachment
from alongside.domains.textblocks.schemas import Sort, TextBlock, TextBlockFilters, TextBlockFolder, TextBlockPage
from alongside.kit.search import beginning_patterns, fold_words, word_patterns
from alongside.kit.text import clean_line
from alongside.platform.db import Database, Reading, Row

FOUND = 20
ANY_LANGUAGE = "any"
PAGE_OF_EXPORT = 500

# Of a block `b`, for the agent $1.
USABLE = """
(b.everybody OR EXISTS (
    SELECT FROM text_block_scope s JOIN team_member m USING (team_id)
    WHERE s.text_block_id = b.id AND m.agent_id = $1::uuid))
"""

# The same, or null for who may see all.
VISIBLE = f"($1::uuid IS NULL OR {USABLE})"

COLUMNS = """
b.id, b.title, b.shortcut, b.text, b.folder, b.language, b.uses, b.last_used_at, b.updated_at,
CASE WHEN NOT b.everybody
     THEN ARRAY(SELECT s.team_id FROM text_block_scope s WHERE s.text_block_id = b.id ORDER BY s.team_id)
     END AS team_ids,
(SELECT jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind, 'name', a.name, 'media_type', a.media_type,
                                     'bytes', a.bytes, 'width', a.width, 'height', a.height) ORDER BY u.place)
 FROM text_block_attachment u JOIN attachment a ON a.id = u.attachment_id WHERE u.text_block_id = b.id) AS files
"""

# $2 the folded question, $3 patterns of its words, $4 patterns of beginnings, $5 a primary language, $6 how many
SEARCH = f"""
WITH found AS (
    SELECT b.id, b.uses, b.search_title,
        CASE WHEN $2 = '' THEN 0
             WHEN b.search_shortcut LIKE $2 || '%' THEN 3
             WHEN b.search_title LIKE $2 || '%' THEN 2
             WHEN b.search_title LIKE ALL ($4::text[]) THEN 1
             ELSE 0 END AS rank,
        CASE WHEN split_part(b.language, '-', 1) = $5 THEN 2 WHEN b.language IS NULL THEN 1 ELSE 0 END AS near
    FROM text_block b
    WHERE b.search_text LIKE ALL ($3::text[]) AND {USABLE}
    ORDER BY rank DESC, near DESC, uses DESC, search_title, id LIMIT $6
)
SELECT {COLUMNS} FROM found f JOIN text_block b USING (id)
ORDER BY f.rank DESC, f.near DESC, f.uses DESC, f.search_title, f.id
"""

# $2 patterns of words, $3 a folder or null, $4 a language, "any" or null, $5 a team or null
FITS = f"""
{VISIBLE} AND b.search_text LIKE ALL ($2::text[]) AND ($3::text IS NULL OR b.folder = $3)
AND ($4::text IS NULL OR coalesce(b.language, '{ANY_LANGUAGE}') = $4)
AND ($5::uuid IS NULL OR EXISTS (SELECT FROM text_block_scope s WHERE s.text_block_id = b.id AND s.team_id = $5))
"""

LIST = f"""
WITH page AS (
    SELECT b.id, row_number() OVER (ORDER BY CASE WHEN $6 = 'uses' THEN -b.uses END, b.search_title, b.id) AS place
    FROM text_block b WHERE {FITS} ORDER BY place LIMIT $7 OFFSET $8
)
SELECT {COLUMNS} FROM page JOIN text_block b USING (id) ORDER BY page.place
"""

COUNT_FITTING = f"SELECT count(*) FROM text_block b WHERE {FITS}"

FOLDERS = f"SELECT b.folder AS name, count(*) FROM text_block b WHERE {VISIBLE} GROUP BY 1 ORDER BY lower(b.folder), 1"

LANGUAGES = f"SELECT DISTINCT b.language FROM text_block b WHERE {VISIBLE} AND b.language IS NOT NULL ORDER BY 1"

ONE = f"SELECT {COLUMNS} FROM text_block b WHERE b.id = $1"

FOR_UPDATE = f"SELECT {COLUMNS} FROM text_block b WHERE b.id = $1 FOR UPDATE OF b"

USABLE_FILES = f"""
SELECT u.attachment_id FROM text_block b LEFT JOIN text_block_attachment u ON u.text_block_id = b.id
WHERE b.id = $2 AND {VISIBLE} ORDER BY u.place
"""

# Whole files that a block may take: those of any block, and the agent's ($2) that nothing has yet.
CHOSEN_FILES = """
SELECT a.id, own.text_block_id FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place)
JOIN attachment a ON a.id = wanted.id AND a.kind IS NOT NULL
LEFT JOIN text_block_attachment own ON own.attachment_id = a.id
WHERE own.text_block_id IS NOT NULL
   OR (a.uploader_kind = 'agent' AND a.uploader_id = $2 AND num_nonnulls(a.conversation_id, a.ticket_number) = 0)
ORDER BY wanted.place
"""

ALL = f"SELECT {COLUMNS} FROM text_block b"

COUNT = "SELECT count(*) FROM text_block"

AFTER = f"SELECT {COLUMNS} FROM text_block b WHERE $1::uuid IS NULL OR b.id > $1 ORDER BY b.id LIMIT $2"


class ListQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which text blocks. `agent_id` None sees those of all teams; `language` may be "any": fits any."""

    agent_id: UUID | None
    search: str = ""
    folder: str | None = None
    language: str | None = None
    team_id: UUID | None = None
    sort: Sort = "title"
    limit: int = 100
    offset: int = 0


async def search(reading: Reading, agent_id: UUID, typed: str, language: str | None) -> list[TextBlock]:
    """The best for what was typed, of those that the agent may use. Nothing typed: the most used.

    Best is a shortcut that begins so, then a title, then a title whose words do, then any text that holds each word;
    among equals those in `language` come first, then the more used.
    """
    folded = fold_words(typed)
    if typed.strip() and not folded:
        return []
    primary = clean_line(language or "", 35).partition("-")[0].lower()
    rows = await reading.rows(
        SEARCH, agent_id, folded, word_patterns(folded), beginning_patterns(folded), primary, FOUND
    )
    return [_block(row) for row in rows]


async def page(reading: Reading, question: ListQuestion) -> TextBlockPage:
    """Some of those that fit, and how many do."""
    folded = fold_words(question.search)
    if question.search.strip() and not folded:
        return TextBlockPage([], 0)
    folder, language = (None if each is None else clean_line(each, 80) for each in (question.folder, question.language))
    values = (question.agent_id, word_patterns(folded), folder, language, question.team_id)
    rows = await reading.rows(LIST, *values, question.sort, question.limit, question.offset)
    return TextBlockPage([_block(row) for row in rows], await reading.value(COUNT_FITTING, *values))


async def filters(reading: Reading, agent_id: UUID | None) -> TextBlockFilters:
    """The folders and languages that there are."""
    folders = [TextBlockFolder(row["name"], row["count"]) for row in await reading.rows(FOLDERS, agent_id)]
    return TextBlockFilters(folders, [row["language"] for row in await reading.rows(LANGUAGES, agent_id)])


async def text_block(reading: Reading, block_id: UUID) -> TextBlock | None:
    """One."""
    row = await reading.row(ONE, block_id)
    return _block(row) if row else None


async def text_block_for_update(reading: Reading, block_id: UUID) -> TextBlock | None:
    """One, with its row locked."""
    row = await reading.row(FOR_UPDATE, block_id)
    return _block(row) if row else None


async def usable_files(reading: Reading, agent_id: UUID | None, block_id: UUID) -> list[UUID] | None:
    """The files of a block that the agent may use, or any with None; None where there is no such block."""
    rows = await reading.rows(USABLE_FILES, agent_id, block_id)
    return [row["attachment_id"] for row in rows if row["attachment_id"]] if rows else None


async def chosen_files(reading: Reading, agent_id: UUID, ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Those of some files that a block may take, in order, and the block that has each already."""
    return {row["id"]: row["text_block_id"] for row in await reading.rows(CHOSEN_FILES, list(ids), agent_id)}


async def all_text_blocks(reading: Reading) -> list[TextBlock]:
    """All there are, for comparing them with a file."""
    return [_block(row) for row in await reading.rows(ALL)]


async def count(reading: Reading) -> int:
    """How many there are."""
    return int(await reading.value(COUNT))


async def pages_of_all(database: Database) -> AsyncIterator[list[TextBlock]]:
    """All there are, some hundred at a time, without holding a connection while one waits for the next."""
    last: UUID | None = None
    while True:
        async with database.reading() as reading:
            blocks = [_block(row) for row in await reading.rows(AFTER, last, PAGE_OF_EXPORT)]
        if not blocks:
            return
        yield blocks
        last = blocks[-1].id


def _block(row: Row) -> TextBlock:
    return TextBlock(**dict(row) | {"files": msgspec.convert(row["files"] or [], list[Attachment])})
