"""P27, class 10: files in messages are inert, and seen by nobody but those who may see the message."""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import msgspec
import pytest

from alongside.domains.channels import actions as channels
from alongside.domains.channels.schemas import EditChannel, EditSettings
from alongside.domains.contacts import actions as contacts
from alongside.domains.files.logic import sign
from alongside.domains.widget.file_routes import LINK_SECONDS
from alongside.kit.ids import new_client_id
from tests.files.media import POLYGLOTS, PRETENDERS, mp4, wav
from tests.files.pictures import photo_with_secrets, picture
from tests.files.uploading import Door
from tests.world import Browser, Visitor, World, serving

INERT = {
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}
RLO = "\u202e"


class Stage:
    """A visitor, another one, an agent, and their doors."""

    def __init__(self, world: World, browser: Browser) -> None:
        self.world, self.browser = world, browser
        self.vera = Door.of_visitor(browser, world.vera.token)

    async def newcomer(self) -> Visitor:
        async with self.world.database.work() as work:
            new = await contacts.meet_visitor(work, self.world.site.id, None, "en")
        return Visitor(new.actor, new.token)

    async def say(self, token: str, *files: dict[str, Any], text: str = "") -> None:
        body = {"client_id": str(new_client_id()), "text": text, "attachments": [file["id"] for file in files]}
        headers = {"authorization": f"Bearer {token}"}
        answer = await self.browser.call("POST", "/widget/conversation/messages", json=body, headers=headers)
        assert answer.status_code == 201, answer.text

    async def note(self, *files: dict[str, Any]) -> None:
        body = {"client_id": str(new_client_id()), "text": "", "attachments": [file["id"] for file in files]}
        answer = await self.browser.post(f"/conversations/{self.world.conversation_id}/notes", body)
        assert answer.status_code == 201, answer.text

    async def links(self, token: str, *ids: str) -> list[dict[str, Any]]:
        headers = {"authorization": f"Bearer {token}"}
        answer = await self.browser.call("POST", "/widget/attachments/links", json={"ids": ids}, headers=headers)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["links"]
        return found

    async def fetch(self, url: str, **headers: str) -> httpx.Response:
        """As a picture or a player does: without any token."""
        self.browser.client.cookies.clear()
        return await self.browser.client.get(url, headers=headers)


@pytest.fixture
async def stage(world: World, browser: Browser) -> Stage:
    return Stage(world, browser)


@pytest.mark.parametrize("name", [*PRETENDERS])
async def test_what_is_not_shown_in_place_is_a_download(stage: Stage, name: str) -> None:
    file = await stage.vera.upload(name, PRETENDERS[name], "image/png")
    assert (file["kind"], file["name"], file["media_type"]) == ("file", name, "application/octet-stream")
    await stage.say(stage.world.vera.token, file)
    stage.browser.be(stage.world.ada)
    answers = [await stage.browser.get(f"/attachments/{file['id']}/content")]
    (link,) = await stage.links(stage.world.vera.token, file["id"])
    assert link["thumbnail_url"] is None
    answers.append(await stage.fetch(link["url"]))
    for answer in answers:
        assert answer.status_code == 200
        assert answer.content == PRETENDERS[name]
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert {key: answer.headers[key] for key in INERT} == INERT
        assert "set-cookie" not in answer.headers
        assert "public" not in answer.headers["cache-control"]


async def test_polyglots_are_pixels_or_nothing(stage: Stage) -> None:
    for name, content in POLYGLOTS.items():
        begun = (await stage.vera.begin(name, len(content), "image/gif")).json()
        answer = await stage.vera.part(begun["id"], 0, content)
        assert (answer.status_code, answer.json()["code"]) == (422, "not-a-picture")
        assert (await stage.vera.read(begun["id"])).status_code == 404
    payload = b"<script>window.__xss=1</script>"
    file = await stage.vera.upload("photo.jpg", photo_with_secrets() + payload)
    await stage.say(stage.world.vera.token, file)
    (link,) = await stage.links(stage.world.vera.token, file["id"])
    for url in (link["url"], link["thumbnail_url"]):
        answer = await stage.fetch(url)
        assert answer.headers["content-type"] in {"image/jpeg", "image/webp"}
        assert answer.headers["content-disposition"].startswith("inline;")
        assert b"SECRET" not in answer.content
        assert payload not in answer.content
        assert {key: answer.headers[key] for key in INERT} == INERT
    saved = await stage.fetch(link["url"] + "&download")
    assert saved.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (f"invoice{RLO}fdp.exe", "invoicefdp.exe"),
        ("evil\r\nSet-Cookie: a=b\r\n\r\n<script>.txt", "evil Set-Cookie_ a=b _script_.txt"),
        ("nul\x00.txt.exe", "nul.txt.exe"),
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ('a";filename="b.html', "a__filename=_b.html"),
        ("%0d%0aX: y.txt", "%0d%0aX_ y.txt"),
        ("l" * 300 + ".pdf", "l" * 116 + ".pdf"),
    ],
)
async def test_names_break_out_of_nothing(stage: Stage, name: str, kept: str) -> None:
    file = await stage.vera.upload(name, b"nothing of note")
    assert file["name"] == kept
    await stage.say(stage.world.vera.token, file)
    (link,) = await stage.links(stage.world.vera.token, file["id"])
    answer = await stage.fetch(link["url"])
    header = answer.headers["content-disposition"]
    assert re.fullmatch(r"attachment; filename=\"[^\"\\\r\n]*\"; filename\*=UTF-8''[\w%.~-]+", header)
    assert "a" not in answer.cookies
    assert (await stage.vera.begin("n" * 2_001, 5)).status_code == 422


async def test_a_foreign_file_does_not_exist(stage: Stage) -> None:
    mine = await stage.vera.upload("mine.wav", wav())
    mallory = await stage.newcomer()
    other = Door.of_visitor(stage.browser, mallory.token)
    for answer in (await other.read(mine["id"]), await other.part(mine["id"], 0, b"x"), await other.cancel(mine["id"])):
        assert (answer.status_code, answer.json()["code"]) == (404, "no-such-upload")
    assert await stage.links(stage.world.vera.token, mine["id"]) == [], "not even the uploader, before it is sent"
    await stage.say(stage.world.vera.token, mine)
    assert await stage.links(mallory.token, mine["id"], str(uuid4())) == []
    stolen = {"client_id": str(new_client_id()), "text": "mine now", "attachments": [mine["id"]]}
    headers = {"authorization": f"Bearer {mallory.token}"}
    answer = await stage.browser.call("POST", "/widget/conversation/messages", json=stolen, headers=headers)
    assert answer.status_code == 404
    for path in ("content", "thumbnail"):
        assert (await stage.browser.get(f"/attachments/{mine['id']}/{path}")).status_code == 401
    stage.browser.be(stage.world.ada)
    for path in (f"{uuid4()}/content", f"{mine['id']}/thumbnail", f"{mine['id']}/other"):
        assert (await stage.browser.get(f"/attachments/{path}")).status_code == 404


async def test_an_address_is_good_for_one_file_one_visitor_and_a_time(stage: Stage, world: World) -> None:
    one, two = await stage.vera.upload("1.wav", wav()), await stage.vera.upload("2.wav", wav(0.2))
    await stage.say(world.vera.token, one, two)
    (link,) = await stage.links(world.vera.token, one["id"])
    asked = parse_qs(urlsplit(link["url"]).query)
    assert world.vera.token not in link["url"]
    assert 0 < int(asked["until"][0]) - time.time() <= LINK_SECONDS
    mallory = await stage.newcomer()
    until, proof = asked["until"][0], asked["proof"][0]
    changed = proof[:-1] + ("A" if proof[-1] != "A" else "B")
    for wrong in (
        link["url"].replace(one["id"], two["id"]),
        link["url"].replace(str(world.vera.actor.identity_id), str(mallory.actor.identity_id)),
        link["url"].replace(until, str(int(until) + 1)),
        link["url"].replace(proof, changed),
        link["url"].replace(proof, "é"),
        link["url"].replace(proof, ""),
    ):
        assert (await stage.fetch(wrong)).status_code == 404, wrong
    async with world.database.reading() as reading:
        key = await reading.value("SELECT link_key FROM workspace")
    past = int(time.time()) - 1
    late = link["url"].replace(until, str(past))
    signed = sign(key, one["id"], world.vera.actor.identity_id, past)
    assert (await stage.fetch(late.replace(proof, signed))).status_code == 404
    assert (await stage.fetch(link["url"])).status_code == 200
    assert await stage.browser.call("POST", "/widget/reset", headers={"authorization": f"Bearer {world.vera.token}"})
    assert (await stage.fetch(link["url"])).status_code == 404, "the token has ended, and its addresses with it"


async def test_files_of_notes_never_reach_the_visitor(stage: Stage, world: World) -> None:
    stage.browser.be(world.ada)
    file = await Door.of_agent(stage.browser, world).upload("secret.png", picture())
    await stage.note(file)
    assert (await stage.browser.get(f"/attachments/{file['id']}/content")).status_code == 200
    assert await stage.links(world.vera.token, file["id"]) == []
    async with world.database.reading() as reading:
        key = await reading.value("SELECT link_key FROM workspace")
    until, identity = int(time.time()) + 60, world.vera.actor.identity_id
    query = f"visitor={identity}&until={until}&proof={sign(key, file['id'], identity, until)}"
    url = f"/api/v1/widget/attachments/{file['id']}/content?{query}"
    assert (await stage.fetch(url)).status_code == 404, "not even with a proof that holds"


async def test_players_get_the_ranges_they_ask_for(stage: Stage, world: World) -> None:
    content = mp4() + bytes(range(256)) * 20_000
    file = await stage.vera.upload("film.mp4", content)
    assert (file["kind"], file["media_type"]) == ("video", "video/mp4")
    await stage.say(world.vera.token, file)
    (link,) = await stage.links(world.vera.token, file["id"])
    whole = await stage.fetch(link["url"])
    assert (whole.status_code, whole.headers["accept-ranges"]) == (200, "bytes")
    assert whole.headers["content-length"] == str(len(content))
    assert whole.content == content
    middle = 4 * 1024 * 1024
    for start, end in ((0, 1), (middle - 5, middle + 5), (middle, len(content)), (len(content) - 1, len(content))):
        part = await stage.fetch(link["url"], range=f"bytes={start}-{end - 1}")
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{len(content)}"
        assert part.content == content[start:end]
    beyond = await stage.fetch(link["url"], range=f"bytes={len(content)}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(content)}")


async def test_visitors_files_can_be_switched_off(stage: Stage, world: World) -> None:
    async def change(**settings: object) -> None:
        async with world.database.work() as work:
            edit = EditChannel(settings=EditSettings(**settings))  # type: ignore[arg-type]
            await channels.edit_channel(work, world.sol.actor, world.site.id, edit)

    async def rules() -> object:
        return (await stage.browser.get(f"/widget/channels/{world.site.key}")).json()["uploads"]

    assert await rules() == {"max_bytes": 20_000_000, "kinds": ["image", "video", "audio", "file"]}
    begun = (await stage.vera.begin("a.wav", len(wav()))).json()
    await change(upload_kinds=["image"], upload_megabytes=1)
    assert await rules() == {"max_bytes": 1_000_000, "kinds": ["image"]}
    refusals = [
        await stage.vera.begin("a.pdf", 10, "application/pdf"),
        await stage.vera.begin("a.png", 1_000_001, "image/png"),
        await stage.vera.part(begun["id"], 0, wav()),
    ]
    assert [(each.status_code, each.json()["code"]) for each in refusals] == [
        (403, "file-kind-refused"),
        (413, "file-too-large"),
        (403, "file-kind-refused"),
    ]
    await change(uploads=False)
    assert await rules() is None
    answer = await stage.vera.begin("a.png", 10, "image/png")
    assert (answer.status_code, answer.json()["code"]) == (403, "uploads-off")
    await change(upload_megabytes=10_000, uploads=True)
    found = await rules()
    assert isinstance(found, dict)
    assert found["max_bytes"] == world.config.max_upload_bytes


async def test_uploads_have_a_budget(world: World) -> None:
    async with serving(msgspec.structs.replace(world.config, visitor_uploads_per_hour=3)) as client:
        door = Door.of_visitor(Browser(client), world.vera.token)
        codes = [(await door.begin("a", 5)).status_code for _ in range(4)]
    assert codes == [201, 201, 201, 429]


async def test_no_more_bytes_than_a_part_are_read(stage: Stage) -> None:
    begun = (await stage.vera.begin("a", 10_000_000)).json()
    answer = await stage.vera.part(begun["id"], 0, bytes(begun["most_part_bytes"] + 1))
    assert answer.status_code == 413
    assert (await stage.vera.read(begun["id"])).json()["offset"] == 0


async def test_agents_need_the_permission_to_reply(stage: Stage, world: World) -> None:
    stage.browser.be(world.ada)
    door = Door.of_agent(stage.browser, world)
    async with world.database.work() as work:
        await work.run("UPDATE role SET permissions = '{}' WHERE name = 'Agent'")
    answer = await door.begin("a", 5)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


async def test_files_of_tickets_and_text_blocks_are_as_inert_and_no_visitor_reaches_them(stage: Stage) -> None:
    browser = stage.browser.be(stage.world.sol)
    ticket = (await browser.post("/tickets", {"client_id": str(new_client_id()), "title": "A broken zip"})).json()
    number = ticket["number"]
    doors = {
        "ticket": Door(browser, f"/tickets/{number}/uploads", "/tickets/uploads"),
        "block": Door(browser, "/text-blocks/uploads", "/text-blocks/uploads"),
    }
    page = PRETENDERS[next(iter(PRETENDERS))]
    kept = {place: await door.upload("page.html", page, "image/png") for place, door in doors.items()}
    comment = {"client_id": str(new_client_id()), "text": "", "attachments": [kept["ticket"]["id"]]}
    assert (await browser.post(f"/tickets/{number}/comments", comment)).status_code == 201
    block = {"title": "With a file", "text": "Here", "files": [kept["block"]["id"]]}
    assert (await browser.post("/text-blocks", block)).status_code == 201
    secret = photo_with_secrets()
    picture_of_ticket = await doors["ticket"].upload("photo.jpg", secret, "image/jpeg")
    shown = await browser.get(f"/attachments/{picture_of_ticket['id']}/content")
    assert shown.content != secret and shown.headers["content-type"].startswith("image/")
    for file in kept.values():
        answer = await browser.be(stage.world.ada).get(f"/attachments/{file['id']}/content")
        assert (answer.status_code, answer.content) == (200, page)
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert {name: answer.headers[name] for name in INERT} == INERT
        assert "set-cookie" not in answer.headers and "public" not in answer.headers["cache-control"]
        # A visitor is given no address of it, may not send it, and an agent of no rights learns nothing of its id.
        assert await stage.links(stage.world.vera.token, file["id"]) == []
        stolen = {"client_id": str(new_client_id()), "text": "mine", "attachments": [file["id"]]}
        headers = {"authorization": f"Bearer {stage.world.vera.token}"}
        refused = await browser.call("POST", "/widget/conversation/messages", json=stolen, headers=headers)
        assert refused.status_code == 404
    for foreign in (uuid4(), picture_of_ticket["id"]):
        answer = await browser.be(stage.world.ben).get(f"/attachments/{foreign}/content")
        assert (answer.status_code, answer.json()["code"]) == (404, "no-such-file")
        assert "set-cookie" not in answer.headers
