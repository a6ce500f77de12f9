"""The CSV of a transcript."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from alongside.domains.transcripts.logic import Line
from alongside.kit import csv

COLUMNS = ("seq", "episode", "at", "kind", "side", "author", "text")


async def write(pieces: AsyncIterator[Iterable[Line]]) -> AsyncIterator[str]:
    """A header and a row for each line; texts that a spreadsheet would calculate are made harmless."""
    yield csv.BOM + csv.write_row(COLUMNS)
    async for piece in pieces:
        yield "".join(
            csv.write_row((line.seq, line.episode, line.at.isoformat(), line.kind, line.side, line.author, line.text))
            for line in piece
        )
