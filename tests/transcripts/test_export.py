"""A conversation leaves as a file: complete, in order, harmless, and without what is the team's alone."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from html.parser import HTMLParser

import httpx
import pytest
from pypdf import PdfReader

from alongside.domains.conversations import actions as conversations
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft, Edit, Kind
from alongside.domains.transcripts import papers, queries
from alongside.kit.ids import new_client_id
from alongside.platform.storage import Storage
from tests.files.media import wav
from tests.files.uploading import attach
from tests.security.payloads import PAYLOADS
from tests.world import Browser, Colleague, Visitor, World, hire, make_role


@dataclass
class Talk:
    """The open conversation, and how it is exported."""

    world: World
    browser: Browser

    async def say(self, who: Colleague | Visitor, text: str, kind: Kind = "message") -> None:
        draft = Draft(new_client_id(), text, kind)
        world = self.world
        await messages.post(world.database, who.actor, world.conversation_id, draft, world.config.max_message_chars)

    async def export(self, **query: str) -> httpx.Response:
        answer = await self.browser.get(
            f"/conversations/{self.world.conversation_id}/transcript?{httpx.QueryParams(query)}"
        )
        assert answer.status_code == 200, answer.text
        return answer

    async def rows(self, **query: str) -> list[dict[str, str]]:
        answer = await self.export(format="csv", **query)
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))

    async def page(self, **query: str) -> Text:
        page = Text()
        page.feed((await self.export(format="html", **query)).text)
        return page

    async def paper(self, **query: str) -> str:
        answer = await self.export(format="pdf", **query)
        return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.content)).pages)


class Text(HTMLParser):
    """What a page shows, and of which elements it is made."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
async def talk(world: World, browser: Browser) -> Talk:
    """Ada has answered, written a note, taken the conversation and closed it; Vera came back."""
    talk = Talk(world, browser.be(world.sol))
    await talk.say(world.ada, "Yes, three are left.")
    await talk.say(world.ada, "She bought the red one last year.", "note")
    async with world.database.work() as work:
        await conversations.assign(work, world.ada.actor, world.conversation_id, world.ada.id, None)
        await conversations.set_status(work, world.ada.actor, world.conversation_id, "done")
    await talk.say(world.vera, "Ünd thank you,\nagain.")
    return talk


async def test_csv_holds_what_the_customer_saw(talk: Talk) -> None:
    rows = await talk.rows()
    assert [(row["kind"], row["side"], row["text"]) for row in rows] == [
        ("message", "visitor", "Hello, is the green one in stock?"),
        ("message", "agent", "Yes, three are left."),
        ("message", "visitor", "Ünd thank you,\nagain."),
    ]
    assert [row["author"] for row in rows] == ["Visitor 1", "Ada", "Visitor 1"]
    assert [row["episode"] for row in rows] == ["1", "1", "2"]


async def test_csv_holds_the_teams_entries_when_asked_for(talk: Talk) -> None:
    rows = await talk.rows(inside="true")
    assert [row["seq"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert [row["kind"] for row in rows] == ["message", "message", "note", "assignment", "status", "message"]
    assert rows[3]["text"] == "Ada assigned this to Ada"
    assert rows[4]["text"] == "Ada set the status to Done"


@pytest.mark.parametrize("shape", ["rows", "page", "paper"])
async def test_nothing_of_the_team_is_in_what_the_customer_may_get(talk: Talk, shape: str) -> None:
    told = str(vars(found) if isinstance(found := await getattr(talk, shape)(), Text) else found)
    assert "three are left" in told
    assert "red one" not in told
    assert "assigned" not in told
    inside = await getattr(talk, shape)(inside="true")
    assert "red one" in str(vars(inside) if isinstance(inside, Text) else inside)


async def test_times_are_those_of_the_reader(talk: Talk) -> None:
    utc, tokyo = await talk.rows(), await talk.rows(zone="Asia/Tokyo")
    assert utc[0]["at"].endswith("+00:00")
    assert tokyo[0]["at"].endswith("+09:00")


async def test_in_german(talk: Talk) -> None:
    page = await talk.page(locale="de", inside="true")
    assert "Gespräch mit Besucher 1" in page.text
    assert "Ada hat den Status auf „Erledigt“ gesetzt" in page.text
    assert "Nicht an Kunden weitergeben" in await talk.paper(locale="de", inside="true")


async def test_a_long_conversation_comes_whole(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "ENTRIES_AT_ONCE", 7)
    for n in range(30):
        await talk.say(talk.world.vera, f"line {n}")
    assert [row["text"] for row in await talk.rows()][3:] == [f"line {n}" for n in range(30)]


async def test_formulas_stay_text(talk: Talk) -> None:
    for evil in ("=1+1", "+49 30 1234", "-2", "@SUM(A1)", "\t=1", "＝1+1"):
        await talk.say(talk.world.vera, evil)
    cells = [row["text"] for row in await talk.rows()][3:]
    assert all(cell.startswith("'") for cell in cells)


async def test_the_page_is_made_of_our_elements_alone(talk: Talk) -> None:
    plain = (await talk.page(inside="true")).tags
    for payload in PAYLOADS:
        await talk.say(talk.world.vera, payload[:9_000])
    page = await talk.page(inside="true")
    assert page.tags == plain
    assert "<script>alert" in page.text or "<script" in page.text


async def test_markup_of_the_typesetter_stays_text(talk: Talk) -> None:
    evil = '#import "@preview/x:1.0.0" #panic("no") #read("/etc/passwd") $x$ *bold* ]\\ "'
    await talk.say(talk.world.vera, evil)
    paper = await talk.paper()
    assert '#read("/etc/passwd")' in paper.replace("”", '"').replace("“", '"')
    assert "root:" not in paper


async def test_it_is_a_download_that_does_nothing(talk: Talk) -> None:
    for kind in ("csv", "html", "pdf"):
        headers = (await talk.export(format=kind)).headers
        assert headers["content-disposition"] == f'attachment; filename="conversation-1.{kind}"'
        assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert headers["cache-control"] == "no-store"


async def test_too_long_for_paper_is_told(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MOST_LINES", 2)
    answer = await talk.browser.get(f"/conversations/{talk.world.conversation_id}/transcript?format=pdf")
    assert (answer.status_code, answer.json()["code"]) == (413, "transcript-too-long")


async def test_a_typesetter_that_fails_is_told(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "WALL_SECONDS", 0.0)
    answer = await talk.browser.get(f"/conversations/{talk.world.conversation_id}/transcript?format=pdf")
    assert (answer.status_code, answer.json()["code"]) == (503, "no-pdf")


@pytest.mark.parametrize(("query", "status"), [("format=doc", 422), ("zone=Mars/Base", 422), ("zone=../../etc", 422)])
async def test_what_is_asked_for_wrongly_is_told(talk: Talk, query: str, status: int) -> None:
    answer = await talk.browser.get(f"/conversations/{talk.world.conversation_id}/transcript?{query}")
    assert answer.status_code == status
    assert answer.json()["message"]


async def test_without_the_permission_nothing_is_exported(talk: Talk) -> None:
    world = talk.world
    path = f"/conversations/{world.conversation_id}/transcript"
    assert (await talk.browser.be(world.ada).get(path)).status_code == 403
    role = await make_role(world.database, "Archivist", ["conversations.export"])
    archivist = await hire(world.config, world.database, "Archie", role)
    assert (await talk.browser.be(archivist).get(path)).status_code == 200


async def test_an_unknown_conversation_is_none(talk: Talk) -> None:
    assert (await talk.browser.get(f"/conversations/{new_client_id()}/transcript")).status_code == 404


async def test_files_are_named(talk: Talk, storage: Storage) -> None:
    world = talk.world
    photo = await attach(world, storage, world.vera.actor, wav(), "voice.wav")
    draft = Draft(new_client_id(), "Listen", attachments=[photo.id])
    await messages.post(world.database, world.vera.actor, world.conversation_id, draft, 1_000)
    assert (await talk.rows())[-1]["text"] == "[File: voice.wav]\nListen"


async def test_an_edited_message_is_shown_as_it_is_now_and_a_deleted_one_as_deleted(talk: Talk) -> None:
    world = talk.world
    await talk.say(world.ada, "Three are left, wrongly.")
    await talk.say(world.ada, "Never mind this secret.")
    at = {row["text"]: int(row["seq"]) for row in await talk.rows(inside="true")}
    async with world.database.work() as work:
        seq, change = at["Three are left, wrongly."], Edit(new_client_id(), "Two are left.")
        await messages.edit(work, world.ada.actor, world.conversation_id, seq, change, 100)
        await messages.delete(work, world.ada.actor, world.conversation_id, at["Never mind this secret."])
    for inside in ("true", "false"):
        texts = [row["text"] for row in await talk.rows(inside=inside)]
        assert texts[-2:] == ["Two are left.\n[edited]", "[deleted by its author]"]
