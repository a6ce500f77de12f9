"""Text blocks: made, changed, deleted, counted; by whom, and who hears of it."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from alongside.domains.agents import actions as agents
from alongside.domains.textblocks import actions, queries
from alongside.domains.textblocks.events import TextBlocksChanged
from alongside.domains.textblocks.schemas import EditTextBlock, NewTextBlock
from alongside.platform.errors import Conflict, Forbidden, NotFound
from tests.textblocks.making import found, make
from tests.world import Browser, World


async def test_what_is_written_is_cleaned_and_kept(world: World) -> None:
    block = await make(
        world, " Hello\nthere ", " One\r\nTwo\x00 ", shortcut=" #Hello.World ", folder=" Greetings ", language="DE"
    )
    assert (block.title, block.text, block.shortcut) == ("Hello there", "One\nTwo", "hello.world")
    assert (block.folder, block.language, block.team_ids) == ("Greetings", "de", None)
    assert (block.uses, block.last_used_at) == (0, None)
    assert world.facts.of(TextBlocksChanged)


async def test_an_edit_changes_what_is_given_and_nothing_else(world: World, returns: UUID) -> None:
    block = await make(world, "Hello", "Text", shortcut="hi", folder="F", language="en", team_ids=[returns])
    async with world.database.work() as work:
        edited = await actions.edit_text_block(work, world.sol.actor, block.id, EditTextBlock(text="Other"))
        assert (edited.text, edited.title, edited.shortcut, edited.folder) == ("Other", "Hello", "hi", "F")
        assert (edited.language, edited.team_ids) == ("en", [returns])
        change = EditTextBlock(shortcut=None, language=None, team_ids=None)
        edited = await actions.edit_text_block(work, world.sol.actor, block.id, change)
        assert (edited.shortcut, edited.language, edited.team_ids) == (None, None, None)
    assert await found(world, "other", world.ben) == ["Hello"], "the searched forms follow"
    assert await found(world, "text", world.ben) == []


async def test_a_shortcut_is_one_per_scope_and_language(world: World, returns: UUID) -> None:
    await make(world, "Everybody's", shortcut="hi", language="en")
    await make(world, "German", shortcut="hi", language="de")
    await make(world, "Any", shortcut="hi")
    await make(world, "The team's", shortcut="hi", language="en", team_ids=[returns])
    await make(world, "None", shortcut="")
    await make(world, "None either", shortcut="")
    for scope in (None, [returns]):
        with pytest.raises(Conflict, match="shortcut"):
            await make(world, "Again", shortcut="HI", language="en", team_ids=scope)
    other = await make(world, "Other", shortcut="other", language="en")
    with pytest.raises(Conflict):
        async with world.database.work() as work:
            await actions.edit_text_block(work, world.sol.actor, other.id, EditTextBlock(shortcut="hi"))
    assert await found(world, "other") == ["Other"], "nothing of it was stored"


async def test_of_many_with_one_shortcut_one_is_made(world: World) -> None:
    tries = [make(world, f"Number {number}", shortcut="same") for number in range(8)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(not isinstance(each, BaseException) for each in outcomes) == 1
    assert all(isinstance(each, Conflict) for each in outcomes if isinstance(each, BaseException))
    assert len(await found(world, "same")) == 1


async def test_agents_use_what_everybody_and_their_teams_have(world: World, returns: UUID, browser: Browser) -> None:
    await make(world, "For all")
    team = await make(world, "For the team", team_ids=[returns])
    assert set(await found(world, "for", world.ada)) == {"For all", "For the team"}
    assert await found(world, "for", world.ben) == ["For all"]
    assert await found(world, "for", world.sol) == ["For all"], "who manages them writes no better for it"
    for colleague, titles in ((world.ben, {"For all"}), (world.sol, {"For all", "For the team"})):
        page = (await browser.be(colleague).get("/text-blocks")).json()
        assert {block["title"] for block in page["blocks"]} == titles
        assert page["total"] == len(titles)
        counts = (await browser.get("/text-blocks/filters")).json()["folders"]
        assert counts == [{"name": "", "count": len(titles)}]
    assert (await browser.be(world.ben).get(f"/text-blocks/{team.id}")).status_code == 403


async def test_when_its_team_is_dissolved_a_block_does_not_become_everybodys(world: World, returns: UUID) -> None:
    block = await make(world, "Internal prices", team_ids=[returns])
    async with world.database.work() as work:
        await agents.delete_team(work, world.sol.actor, returns)
    assert await found(world, "internal", world.ada) == []
    async with world.database.work() as work:
        kept = await queries.text_block(work, block.id)
        assert kept is not None
        assert kept.team_ids == []
        freed = await actions.edit_text_block(work, world.sol.actor, block.id, EditTextBlock(team_ids=None))
        assert freed.team_ids is None


async def test_uses_are_counted_once_for_each_time(world: World, returns: UUID) -> None:
    one, hidden = await make(world, "One"), await make(world, "Hidden", team_ids=[returns])
    world.facts.clear()
    async with world.database.work() as work:
        await actions.count_uses(work, world.ben.actor, [one.id, hidden.id, one.id, uuid4()])
        counted = await queries.text_block(work, one.id)
        unseen = await queries.text_block(work, hidden.id)
    assert counted is not None
    assert unseen is not None
    assert (counted.uses, unseen.uses) == (2, 0)
    assert counted.last_used_at is not None
    assert not world.facts, "a count is no news"


async def test_many_count_at_once_and_none_is_lost(world: World) -> None:
    blocks = [await make(world, f"B{number}") for number in range(4)]
    ids = [block.id for block in blocks]

    async def count(turn: int) -> None:
        async with world.database.work() as work:
            await actions.count_uses(work, world.ada.actor, ids if turn % 2 else ids[::-1])

    await asyncio.gather(*(count(turn) for turn in range(20)))
    async with world.database.reading() as reading:
        assert {block.uses for block in await queries.all_text_blocks(reading)} == {20}


async def test_there_is_an_end_to_their_number(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_BLOCKS", 1)
    await make(world, "The last")
    with pytest.raises(Conflict, match="at most 1"):
        await make(world, "One too many")


async def test_the_verbs_ask_the_policy_themselves(world: World) -> None:
    block = await make(world, "Hello")
    for attempt in (
        lambda work: actions.create_text_block(work, world.ada.actor, NewTextBlock(title="X", text="X")),
        lambda work: actions.edit_text_block(work, world.ada.actor, block.id, EditTextBlock(title="X")),
        lambda work: actions.delete_text_block(work, world.ada.actor, block.id),
    ):
        with pytest.raises(Forbidden):
            async with world.database.work() as work:
                await attempt(work)
    with pytest.raises(Forbidden):
        await actions.import_text_blocks(world.database, world.ada.actor, b"title,text\na,b", preview=True)


async def test_what_is_gone_is_gone(world: World) -> None:
    block = await make(world, "Hello")
    async with world.database.work() as work:
        await actions.delete_text_block(work, world.sol.actor, block.id)
    for attempt in (
        lambda work: actions.edit_text_block(work, world.sol.actor, block.id, EditTextBlock(title="X")),
        lambda work: actions.delete_text_block(work, world.sol.actor, block.id),
    ):
        with pytest.raises(NotFound):
            async with world.database.work() as work:
                await attempt(work)


async def test_by_the_door(world: World, browser: Browser, returns: UUID) -> None:
    browser.be(world.sol)
    body = {"title": "Returns", "text": "Send it back", "shortcut": "ret", "folder": "Orders", "language": "en"}
    made = await browser.post("/text-blocks", body | {"team_ids": [str(returns)]})
    assert made.status_code == 201
    address = f"/text-blocks/{made.json()['id']}"
    assert (await browser.get(address)).json() == made.json()
    assert (await browser.patch(address, {"text": "Another"})).json()["text"] == "Another"
    browser.be(world.ada)
    assert [each["title"] for each in (await browser.get("/text-blocks/search?q=ret")).json()] == ["Returns"]
    assert (await browser.post("/text-blocks/uses", {"ids": [made.json()["id"]]})).status_code == 204
    for refused in (
        await browser.post("/text-blocks", body),
        await browser.patch(address, {"text": "Mine"}),
        await browser.delete(address),
        await browser.get("/text-blocks/export"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "not-permitted")
    browser.be(world.sol)
    listed = (await browser.get("/text-blocks?sort=uses")).json()["blocks"][0]
    assert listed["uses"] == 1
    assert (await browser.delete(address)).status_code == 204
    assert (await browser.get(address)).status_code == 404
    assert (await browser.delete(address)).status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"title": " "}, "text-block-title-malformed"),
        ({"title": "x" * 121}, "text-block-title-malformed"),
        ({"title": "x" * 401}, "invalid"),
        ({"text": "\n \x00"}, "text-block-text-malformed"),
        ({"text": "x" * 10_001}, "text-block-text-malformed"),
        ({"text": None}, "invalid"),
        ({"shortcut": "two words"}, "text-block-shortcut-malformed"),
        ({"shortcut": "-x"}, "text-block-shortcut-malformed"),
        ({"shortcut": "x" * 41}, "text-block-shortcut-malformed"),
        ({"folder": "x" * 81}, "text-block-folder-malformed"),
        ({"language": "german"}, "text-block-language-malformed"),
        ({"language": "d"}, "text-block-language-malformed"),
        ({"team_ids": []}, "text-block-teams-malformed"),
        ({"team_ids": ["nobody"]}, "invalid"),
        ({"uses": 5}, "invalid"),
        ({"id": str(uuid4())}, "invalid"),
    ],
)
async def test_what_cannot_be_used_is_refused_with_words(
    world: World, browser: Browser, body: dict[str, object], code: str
) -> None:
    answer = await browser.be(world.sol).post("/text-blocks", {"title": "T", "text": "T"} | body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    block = await make(world, "There", shortcut="there")
    answer = await browser.patch(f"/text-blocks/{block.id}", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    async with world.database.reading() as reading:
        assert await queries.all_text_blocks(reading) == [block]


async def test_a_team_that_does_not_exist(world: World, browser: Browser) -> None:
    body = {"title": "T", "text": "T", "team_ids": [str(uuid4())]}
    assert (await browser.be(world.sol).post("/text-blocks", body)).json()["code"] == "no-such-team"


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "offset=-1", "sort=age", "team_id=x", "search=" + "x" * 201])
async def test_questions_that_make_no_sense(world: World, browser: Browser, query: str) -> None:
    assert (await browser.be(world.ada).get(f"/text-blocks?{query}")).status_code == 422
