"""Text blocks out as CSV and in again: all of a file or nothing of it."""

from __future__ import annotations

import asyncio
import csv
import io
from uuid import UUID, uuid4

import httpx
import pytest

from alongside.domains.textblocks import actions, queries
from alongside.domains.textblocks.events import TextBlocksChanged
from alongside.domains.textblocks.schemas import TextBlock
from tests.textblocks.making import make
from tests.world import Browser, World


async def send(browser: Browser, content: str | bytes, path: str = "/text-blocks/import") -> httpx.Response:
    """Choose a file."""
    data = content.encode() if isinstance(content, str) else content
    return await browser.call("POST", path, files={"file": ("blocks.csv", data, "text/csv")})


async def preview(browser: Browser, content: str | bytes) -> httpx.Response:
    """Only look."""
    return await send(browser, content, "/text-blocks/import/preview")


async def stored(world: World) -> dict[str, TextBlock]:
    """All there are, by title."""
    async with world.database.reading() as reading:
        return {block.title: block for block in await queries.all_text_blocks(reading)}


async def test_a_file_is_looked_at_and_then_taken(world: World, browser: Browser, returns: UUID) -> None:
    file = (
        "Title;Shortcut;TEXT;Folder;Language;Teams;Colour\n"
        'Hello;#Hi;"Hello {{contact.name|there}}\nand welcome";Greetings;en;;red\n'
        ";;;;;;\n"
        "Return;ret;Send it back;;de;returns;blue\n"
    )
    browser.be(world.sol)
    looked = (await preview(browser, file)).json()
    assert (looked["new"], looked["changed"], looked["same"], looked["problem_count"]) == (2, 0, 0, 0)
    assert [(line["line"], line["act"], line["title"]) for line in looked["lines"]] == [
        (2, "new", "Hello"),
        (5, "new", "Return"),
    ]
    assert looked["ignored"] == ["colour"]
    assert await stored(world) == {}
    assert (await send(browser, file)).json() | {"lines": []} == looked | {"lines": []}
    blocks = await stored(world)
    assert blocks["Hello"].text == "Hello {{contact.name|there}}\nand welcome"
    assert (blocks["Hello"].shortcut, blocks["Hello"].team_ids) == ("hi", None)
    assert (blocks["Return"].language, blocks["Return"].team_ids) == ("de", [returns])
    assert [each["title"] for each in (await browser.get("/text-blocks/search?q=welcome")).json()] == ["Hello"]


async def test_an_export_imported_again_changes_nothing(world: World, browser: Browser, returns: UUID) -> None:
    await make(world, "=1+1", "=HYPERLINK(\"https://evil.test\")\n- a\n'quoted'", shortcut="x")
    await make(world, "'=1", "@cmd", folder="-F", language="pt-BR", team_ids=[returns])
    await make(world, "Plain, with “quotes” and ; and\ttab", "Zeile 1\n\nZeile 3")
    before = await stored(world)
    exported = await browser.be(world.sol).get("/text-blocks/export")
    assert exported.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in exported.headers["content-disposition"]
    cells = [cell for row in csv.reader(io.StringIO(exported.text.removeprefix("\ufeff"))) for cell in row]
    assert len(cells) == 4 * 10
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")] == []
    report = (await send(browser, exported.content)).json()
    assert (report["new"], report["changed"], report["same"]) == (0, 0, 3)
    assert await stored(world) == before


async def test_lines_find_their_block_by_id_shortcut_or_title(world: World, browser: Browser) -> None:
    by_id = await make(world, "Old title", "…", shortcut="old")
    await make(world, "Short", "…", shortcut="short", folder="Kept")
    await make(world, "By title", "…")
    await make(world, "By title", "…", language="de")
    rows = [
        "id,title,text,shortcut",
        f"{by_id.id},New title,1,new",
        f"{uuid4()},Renamed,2,short",
        "no id,By title,3,",
        ",Fresh,4,old",
    ]
    report = (await send(browser.be(world.sol), "\n".join(rows))).json()
    assert (report["new"], report["changed"]) == (1, 3)
    blocks = await stored(world)
    assert blocks["New title"].id == by_id.id
    assert (blocks["Renamed"].text, blocks["Renamed"].folder) == ("2", "Kept"), "a column left out leaves what there is"
    assert blocks["Fresh"].shortcut == "old", "what a line gives up another may take"


async def test_with_one_bad_line_nothing_is_imported(world: World, browser: Browser) -> None:
    await make(world, "There", shortcut="taken")
    bad = {
        3: (",no title,,", "text-block-title-malformed"),
        4: ("T1,,,", "text-block-text-malformed"),
        5: ("T2,x,two words,", "text-block-shortcut-malformed"),
        6: ("T3,x,,Nobody's team", "text-block-team-unknown"),
        7: ("Fine,y,,", "text-block-line-twice"),
        8: ("T5,x,taken,,extra", "text-block-line-cells"),
        9: ("T6,x,twice,", ""),
        10: ("T7,x,twice,", "text-block-line-twice"),
    }
    file = "\n".join(["title,text,shortcut,teams", "Fine,x,,", *(line for line, _ in bad.values())])
    browser.be(world.sol)
    looked = (await preview(browser, file)).json()
    expected = [(line, code) for line, (_, code) in bad.items() if code]
    assert [(each["line"], each["code"]) for each in looked["problems"]] == expected
    assert looked["problem_count"] == len(expected)
    refused = await send(browser, file)
    assert (refused.status_code, refused.json()["code"]) == (422, "import-has-problems")
    assert set(await stored(world)) == {"There"}


async def test_a_shortcut_that_another_holds_is_told_before(world: World, browser: Browser, returns: UUID) -> None:
    held = await make(world, "Holder", shortcut="hi", team_ids=[returns])
    other = await make(world, "Other")
    file = f"id,title,text,shortcut,teams\n{other.id},Other,x,hi,Returns\n"
    looked = (await preview(browser.be(world.sol), file)).json()
    assert [(each["code"], each["about"]) for each in looked["problems"]] == [("text-block-shortcut-taken", "#hi")]
    swapped = f"id,title,text,shortcut,teams\n{other.id},Other,x,hi,Returns\n{held.id},Holder,x,ho,Returns\n"
    assert (await send(browser, swapped)).json()["changed"] == 2


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "csv-empty"),
        (b"\xff\xfe", "csv-encoding"),
        (b'title,text\n"a', "csv-quotes"),
        (b"title\nx", "csv-columns"),
        (b"title,text,Title\nx,y,z", "csv-columns-twice"),
        (b"\x89PNG\r\n\x1a\n\x00", "csv-encoding"),
        (b"title,text\n" + b"a,b\n" * 10_001, "csv-rows"),
    ],
)
async def test_what_is_no_such_file(world: World, browser: Browser, file: bytes, code: str) -> None:
    browser.be(world.sol)
    for answer in (await preview(browser, file), await send(browser, file)):
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await stored(world) == {}


async def test_files_have_an_end(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    answer = await send(browser, b"title,text\n" + b"x" * 2_000_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "csv-too-large")
    answer = await send(browser, b"title,text\n" + b"x" * 3_000_000)
    assert answer.status_code == 413


async def test_an_import_fills_no_more_than_there_can_be(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_BLOCKS", 2)
    answer = await send(browser.be(world.sol), "title,text\na,b\nc,d\ne,f\n")
    assert answer.json()["code"] == "too-many-text-blocks"
    assert await stored(world) == {}


async def test_the_same_file_from_two_at_once_makes_its_blocks_once(world: World) -> None:
    file = b"title,text,shortcut\n" + b"".join(b"T%d,x,s%d\n" % (number, number) for number in range(50))
    both = await asyncio.gather(
        *(actions.import_text_blocks(world.database, world.sol.actor, file, preview=False) for _ in range(3))
    )
    assert sorted(report.new for report in both) == [0, 0, 50]
    assert len(world.facts.of(TextBlocksChanged)) == 1, "who changes nothing announces nothing"
    assert len(await stored(world)) == 50


async def test_who_may_not_manage_may_not_import(world: World, browser: Browser) -> None:
    browser.be(world.ada)
    for answer in (await preview(browser, "title,text\na,b"), await send(browser, "title,text\na,b")):
        assert answer.status_code == 403
