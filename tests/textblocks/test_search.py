"""What is found, and in which order."""

from __future__ import annotations

from uuid import UUID

import pytest

from alongside.domains.textblocks import actions
from tests.textblocks.making import found, make
from tests.world import Browser, World


async def test_shortcut_before_title_before_words_before_text(world: World) -> None:
    await make(world, "In the text", "We refund it")
    await make(world, "Ask for a refund", "…")
    await make(world, "Refund in cash", "…")
    await make(world, "Money back", "…", shortcut="refund")
    assert await found(world, "refu") == ["Money back", "Refund in cash", "Ask for a refund", "In the text"]


async def test_any_part_of_a_word_is_found_and_short_ones_only_where_words_begin(world: World) -> None:
    await make(world, "Lieferadresse ändern", "…")
    await make(world, "Gadget", "…")
    assert await found(world, "adresse") == ["Lieferadresse ändern"]
    assert await found(world, "ad") == []
    assert await found(world, "li") == ["Lieferadresse ändern"]


async def test_every_word_counts_wherever_it_stands(world: World) -> None:
    await make(world, "Return a parcel", "within 60 days")
    await make(world, "Return", "…")
    assert await found(world, "days return") == ["Return a parcel"]
    assert await found(world, "return tomorrow") == []


@pytest.mark.parametrize("typed", ["RÜCK", "rück", "ruck", "Ru\u0308ck", " rück, "])
async def test_case_accents_and_punctuation_make_no_difference(world: World, typed: str) -> None:
    await make(world, "Rücksendung", "Straße")
    assert await found(world, typed) == ["Rücksendung"]
    assert await found(world, "STRASSE") == ["Rücksendung"]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "***", "👍", "%%%", "'; DROP TABLE text_block; --", "x" * 200])
async def test_nothing_in_a_question_means_anything_else(world: World, typed: str) -> None:
    await make(world, "Hello", "100 % of it")
    assert await found(world, typed) == []
    assert await found(world, "hello") == ["Hello"]


async def test_the_language_of_the_conversation_comes_first_among_equals(world: World) -> None:
    await make(world, "Hello A", shortcut="hello", language="en")
    await make(world, "Hello B", shortcut="hello")
    await make(world, "Hello C", shortcut="hello", language="de")
    assert await found(world, "hello", language="de-AT") == ["Hello C", "Hello B", "Hello A"]
    assert await found(world, "hello", language="en") == ["Hello A", "Hello B", "Hello C"]
    await make(world, "Say it in German: hello", language="de")
    assert (await found(world, "hello", language="de"))[-1] == "Say it in German: hello"


async def test_without_a_word_the_most_used_come(world: World) -> None:
    rare, often = await make(world, "A rare one"), await make(world, "B often")
    async with world.database.work() as work:
        await actions.count_uses(work, world.ada.actor, [often.id, often.id, rare.id])
    assert await found(world, "") == ["B often", "A rare one"]
    assert await found(world, " ") == ["B often", "A rare one"]


async def test_at_most_twenty_are_told(world: World) -> None:
    for number in range(25):
        await make(world, f"Hello {number:02}")
    assert await found(world, "hello") == [f"Hello {number:02}" for number in range(20)]


async def test_a_nul_in_a_question_finds_nothing_and_harms_nothing(world: World, browser: Browser) -> None:
    await make(world, "Hello")
    assert (await browser.be(world.ada).get("/text-blocks/search?q=%00")).json() == []
    for path in ("/text-blocks/search?q=hel%00lo&language=%00", "/text-blocks?folder=%00&language=%00"):
        assert (await browser.get(path)).status_code == 200


async def test_the_list_is_narrowed_and_paged(world: World, browser: Browser, returns: UUID) -> None:
    await make(world, "Bravo", folder="F", language="de")
    await make(world, "Alpha", folder="F", team_ids=[returns])
    await make(world, "Charlie", "bravo too")
    browser.be(world.sol)

    async def listed(query: str) -> tuple[list[str], int]:
        page = (await browser.get(f"/text-blocks?{query}")).json()
        return [block["title"] for block in page["blocks"]], page["total"]

    assert await listed("") == (["Alpha", "Bravo", "Charlie"], 3)
    assert await listed("folder=F") == (["Alpha", "Bravo"], 2)
    assert await listed("folder=") == (["Charlie"], 1)
    assert await listed("language=de") == (["Bravo"], 1)
    assert await listed("language=any") == (["Alpha", "Charlie"], 2)
    assert await listed(f"team_id={returns}") == (["Alpha"], 1)
    assert await listed("search=bravo&folder=F") == (["Bravo"], 1)
    assert await listed("search=%21%21") == ([], 0)
    assert await listed("limit=1&offset=1") == (["Bravo"], 3)
    filters = (await browser.get("/text-blocks/filters")).json()
    assert filters == {"folders": [{"name": "", "count": 1}, {"name": "F", "count": 2}], "languages": ["de"]}
