"""Somebody read an article. Nothing is kept of who."""

from __future__ import annotations

from uuid import UUID

from alongside.platform.db import Database

COUNT = """
INSERT INTO article_views AS v (article_id, language, views)
SELECT article_id, language, 1 FROM article_page WHERE article_id = $1 AND language = $2
ON CONFLICT (article_id, language) DO UPDATE SET views = v.views + 1
"""


async def count_reading(database: Database, article_id: UUID, language: str) -> None:
    """One more reading of a published article."""
    async with database.statement() as work:
        await work.run(COUNT, article_id, language)
