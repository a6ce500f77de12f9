"""What is typed and what is stored are folded alike, by two languages."""

from __future__ import annotations

import asyncpg
from hypothesis import given
from hypothesis import strategies as st

from alongside.kit.search import fold

LETTERS = st.text(st.characters(codec="utf-8", max_codepoint=0x24F, exclude_characters="\0"), max_size=30)
OTHER_LETTERS = st.text(st.characters(codec="utf-8", min_codepoint=0x400, max_codepoint=0x45F), max_size=30)


@given(st.lists(LETTERS | OTHER_LETTERS, min_size=1, max_size=5))
def test_each_word_of_a_name_is_found(words: list[str]) -> None:
    assert all(fold(word) in fold(" ".join(words)) for word in words)


async def test_sql_does_the_same(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    samples: list[str] = []

    @given(LETTERS | OTHER_LETTERS)
    def collect(words: str) -> None:
        samples.append(words)

    collect()
    try:
        told = await connection.fetch(
            "SELECT search_fold(w) AS w FROM unnest($1::text[]) WITH ORDINALITY AS s (w, n) ORDER BY n", samples
        )
    finally:
        await connection.close()
    wrong = [
        (typed, row["w"], fold(typed)) for typed, row in zip(samples, told, strict=True) if row["w"] != fold(typed)
    ]
    assert wrong == []
