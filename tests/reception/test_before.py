"""Before the first message: consent to a text, and what is asked; no message without what is required."""

from __future__ import annotations

from typing import Any

import httpx
import jwt
import msgspec
import pytest

from alongside.domains.channels import actions as channels
from alongside.domains.channels import queries as channel_queries
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.events import ContactChanged
from alongside.domains.contacts.schemas import Claims
from alongside.domains.conversations import actions as conversations
from alongside.domains.fields import actions as fields
from alongside.domains.fields.schemas import EditField, FieldOption, NewField
from alongside.domains.privacy import actions as privacy
from alongside.domains.reception import actions as reception
from alongside.domains.reception.schemas import Answers
from alongside.kit.ids import new_client_id
from tests.widget.test_around import around, set_around
from tests.world import Browser, World

ASKED = [
    {"what": "name", "required": True, "label": {"de": "Wie heißen Sie?"}},
    {"what": "email", "required": True},
    {"what": "phone", "help": {"en": "If we may call you"}},
    {"what": "field:size", "required": True},
]
WHOLE = {"name": "Nora", "email": "nora@home.test", "field:size": "m"}


@pytest.fixture(autouse=True)
async def size(world: World) -> None:
    """A field that pages may set, and one that they may not."""
    options = [FieldOption(value="s", label="Small"), FieldOption(value="m", label="Medium")]
    new = NewField(kind="choice", label={"en": "Size"}, key="size", options=options, set_by_page="unsigned")
    async with world.database.work() as work:
        await fields.create_field(work, world.sol.actor, new)
        await fields.create_field(work, world.sol.actor, NewField(kind="text", label={"en": "Plan"}, key="plan"))


class Newcomer:
    """Somebody who opens the chat for the first time."""

    def __init__(self, world: World, browser: Browser, token: str) -> None:
        self.world, self.browser, self.token = world, browser, token

    async def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}"}
        return await self.browser.call(method, f"/widget{path}", json=body, headers=headers)

    async def before(self) -> Any:
        return (await self.call("GET", f"/channels/{self.world.site.key}/before")).json()

    async def asked(self) -> list[str]:
        return [question["what"] for question in (await self.before())["questions"]]

    async def answer(self, values: Any = None, **more: Any) -> httpx.Response:
        return await self.call("PUT", "/before", {"values": values or {}, **more})

    async def write(self, text: str = "Hello") -> httpx.Response:
        return await self.call("POST", "/conversation/messages", {"client_id": str(new_client_id()), "text": text})


async def newcomer(world: World, browser: Browser, **claims: Any) -> Newcomer:
    body = {"channel": world.site.key, "claims": claims or None}
    return Newcomer(world, browser, (await browser.post("/widget/visitors", body)).json()["token"])


async def consents(world: World) -> list[tuple[Any, ...]]:
    async with world.database.reading() as reading:
        rows = await reading.rows(
            """
            SELECT c.contact_id, c.version, c.language, t.texts ->> 'en' AS text FROM consent c
            JOIN consent_text t USING (channel_id, version) WHERE c.given_at <= now() ORDER BY c.given_at
            """
        )
    return [tuple(row) for row in rows]


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_somebody_new_is_asked_everything(world: World, browser: Browser) -> None:
    assert (await browser.get(f"/widget/channels/{world.site.key}/before")).json() == {"consent": None, "questions": []}
    await around(
        world, browser, asked=ASKED, consent={"en": " Agree? ", "de": "Einverstanden?", "fr": " "}, consent_tick=True
    )
    before = (await browser.get(f"/widget/channels/{world.site.key}/before")).json()
    text = {"en": "Agree?", "de": "Einverstanden?"}
    assert before["consent"] == {"version": 1, "text": text, "tick": True}
    assert [(each["what"], each["kind"], each["required"]) for each in before["questions"]] == [
        ("name", "text", True),
        ("email", "email", True),
        ("phone", "phone", False),
        ("field:size", "choice", True),
    ]
    assert before["questions"][0]["label"] == {"de": "Wie heißen Sie?"}
    assert before["questions"][3]["label"] == {"en": "Size"}, "the field's own"
    assert (await browser.get(f"/widget/channels/{world.site.key}")).json()["around"] is True


async def test_no_message_without_answers(world: World, browser: Browser) -> None:
    await around(world, browser, asked=ASKED)
    nora = await newcomer(world, browser)
    assert refused(await nora.write()) == (409, "answers-needed")
    upload = await nora.call("POST", "/uploads", {"name": "a.txt", "bytes": 5})
    assert refused(upload) == (409, "answers-needed"), "nor a file"
    wrong = await nora.answer({"name": " ", "email": "nora at home", "phone": "none", "field:size": "xl"})
    assert refused(wrong) == (422, "answers-incomplete")
    assert wrong.json()["details"]["problems"] == {
        "name": "required",
        "email": "malformed",
        "phone": "malformed",
        "field:size": "malformed",
    }
    assert await nora.asked() == ["name", "email", "phone", "field:size"], "nothing is kept of what was refused"
    assert (await nora.answer(WHOLE)).status_code == 204
    assert (await nora.write()).status_code == 201
    assert await nora.asked() == [], "after the first message nobody is asked"


async def test_answers_are_claims_beside_what_the_page_says(world: World, browser: Browser) -> None:
    await around(world, browser, asked=ASKED)
    nora = await newcomer(world, browser, id="shop-7", name="Nora of the page")
    assert await nora.asked() == ["email", "phone", "field:size"], "what is known is not asked again"
    given = {"email": "nora@home.test", "phone": "", "field:size": "m", "name": "Somebody else"}
    assert (await nora.answer(given)).status_code == 204
    assert (await nora.write()).status_code == 201
    async with world.database.reading() as reading:
        found = await reading.row("SELECT * FROM contact ORDER BY number DESC LIMIT 1")
        assert found is not None
        values = await reading.rows("SELECT value, claim FROM contact_field WHERE contact_id = $1", found["id"])
    assert (found["name"], found["email"], found["phone"]) == (None, None, None), "unproven"
    assert found["claims"] == {"id": "shop-7", "name": "Nora of the page", "email": "nora@home.test"}
    assert [tuple(row) for row in values] == [(None, "m")]


async def test_agreeing_is_recorded_with_its_wording(world: World, browser: Browser) -> None:
    await around(world, browser, consent={"en": "First wording"}, consent_tick=True)
    nora = await newcomer(world, browser)
    assert refused(await nora.write()) == (409, "answers-needed")
    without = await nora.answer()
    assert without.json()["details"]["problems"] == {"consent": "required"}
    assert refused(await nora.answer(consent=2)) == (409, "consent-changed")
    for _ in range(2):
        assert (await nora.answer(consent=1, language="de")).status_code == 204
    assert (await nora.write()).status_code == 201
    [(contact_id, *first)] = await consents(world)
    assert first == [1, "de", "First wording"]

    await around(world, browser, consent={"en": "Second wording"})
    assert refused(await nora.write("again")) == (409, "answers-needed"), "another wording is asked for anew"
    assert (await nora.before())["consent"] == {"version": 2, "text": {"en": "Second wording"}, "tick": True}
    assert (await nora.answer(consent=2, language="en")).status_code == 204
    assert (await nora.write("again")).status_code == 201
    assert await consents(world) == [(contact_id, 1, "de", "First wording"), (contact_id, 2, "en", "Second wording")]
    await around(world, browser, rating=True)
    assert (await nora.before())["consent"] is None, "what leaves the text alone asks nobody"


async def test_a_text_without_a_tick_is_only_shown(world: World, browser: Browser) -> None:
    await around(world, browser, consent={"en": "We keep this for a year."})
    nora = await newcomer(world, browser)
    assert (await nora.before())["consent"]["tick"] is False
    assert (await nora.write()).status_code == 201
    assert (await nora.before())["consent"] is None
    assert await consents(world) == []


async def test_over_the_socket_the_same_holds_for_who_wrote_before(world: World, browser: Browser) -> None:
    await around(world, browser, consent={"en": "Agree?"}, consent_tick=True)
    vera = Newcomer(world, browser, world.vera.token)
    assert refused(await vera.write()) == (409, "answers-needed")
    assert await vera.asked() == []
    assert (await vera.answer(consent=1)).status_code == 204
    assert (await vera.write()).status_code == 201


async def test_who_is_recognised_takes_their_consent_along(world: World, browser: Browser) -> None:
    await around(
        world, browser, consent={"en": "Agree?"}, consent_tick=True, asked=[{"what": "name", "required": True}]
    )
    async with world.database.work() as work:
        key = await channels.add_identity_key(work, world.sol.actor, world.site.id)
    claims = {"sub": "customer 7", "aud": world.site.key, "exp": 4_000_000_000, "name": "Nora"}
    token = jwt.encode(claims, key.secret, "HS256", headers={"kid": key.kid})
    first = await newcomer(world, browser)
    body = {"channel": world.site.key, "token": token}
    known = Newcomer(world, browser, (await first.call("POST", "/identify", body)).json()["token"])
    assert await known.asked() == [], "the site has told the name"
    assert refused(await known.write()) == (409, "answers-needed")
    again = await newcomer(world, browser, name="N")
    assert (await again.answer(consent=1)).status_code == 204
    assert (await again.write()).status_code == 201
    there = Newcomer(world, browser, (await again.call("POST", "/identify", body)).json()["token"])
    assert (await there.write()).status_code == 201


async def test_who_is_recognised_takes_their_answers_along(world: World, browser: Browser) -> None:
    """As claims, where nothing is known; of themselves nothing, for the site has said who they are."""
    await around(world, browser, asked=[{"what": "email"}, {"what": "field:size", "required": True}])
    async with world.database.work() as work:
        key = await channels.add_identity_key(work, world.sol.actor, world.site.id)
    claims = {"sub": "customer 7", "aud": world.site.key, "exp": 4_000_000_000}
    body = {"channel": world.site.key, "token": jwt.encode(claims, key.secret, "HS256", headers={"kid": key.kid})}
    known = await browser.post("/widget/identify", body)
    assert known.status_code == 201
    for size, told in (("m", "m"), ("s", "m")):
        nora = await newcomer(world, browser)
        assert (await nora.answer({"email": "n@home.test", "field:size": size})).status_code == 204
        there = Newcomer(world, browser, (await nora.call("POST", "/identify", body)).json()["token"])
        assert await there.asked() == ["email"], "it was answered in this browser"
        async with world.database.reading() as reading:
            rows = await reading.rows(
                """
                SELECT p.claims, p.email, v.value, v.claim FROM contact_field v JOIN contact p ON p.id = v.contact_id
                JOIN identity i ON i.contact_id = p.id AND i.kind = 'verified'
                """
            )
        assert [tuple(row) for row in rows] == [(None, None, None, told)]


async def test_agents_see_what_was_agreed_to(world: World, browser: Browser) -> None:
    await around(world, browser, consent={"en": "First wording", "de": "Erste Fassung"}, consent_tick=True)
    vera = Newcomer(world, browser, world.vera.token)
    path = f"/contacts/{world.vera.actor.contact_id}"
    browser.be(world.sol)
    assert (await browser.get(path)).json()["consents"] == []
    answers = Answers(consent=1, language="de")
    async with world.database.work() as work:
        channel = await channel_queries.channel(work, world.site.id)
        assert channel
        await reception.answer(work, world.vera.actor, channel, answers)
    assert [each.contact_id for each in world.facts.of(ContactChanged)][-1] == world.vera.actor.contact_id, "live"
    await around(world, browser, consent={"en": "Second wording"})
    assert (await vera.answer(consent=2, language="fr")).status_code == 204
    told = (await browser.be(world.sol).get(path)).json()["consents"]
    assert [(each["version"], each["language"], each["text"]) for each in told] == [
        (2, "fr", "Second wording"),
        (1, "de", "Erste Fassung"),
    ]
    assert told[0]["given_at"] > told[1]["given_at"]
    assert (await browser.get(f"{path}/personal-data")).json()["consents"] == told


async def test_what_is_erased_and_exported(world: World, browser: Browser) -> None:
    await around(world, browser, consent={"en": "Agree?"}, consent_tick=True, rating=True)
    vera = Newcomer(world, browser, world.vera.token)
    assert (await vera.answer(consent=1)).status_code == 204
    async with world.database.work() as work:
        await conversations.set_status(work, world.ada.actor, world.conversation_id, "done")
    assert (
        await vera.call("PUT", "/rating", {"episode": 1, "stars": 2, "comment": "unforgettable"})
    ).status_code == 204
    contact_id = world.vera.actor.contact_id
    async with world.database.snapshot() as reading:
        exported = msgspec.to_builtins(await privacy.personal_data(reading, contact_id, "https://chat.test"))
    assert "unforgettable" in str(exported)
    assert "consent" in str(exported)
    await privacy.erase(world.database, world.sol.actor, contact_id)
    async with world.database.reading() as reading:
        for table in ("consent", "episode", "entry"):
            assert await reading.value(f"SELECT count(*) FROM {table}") == 0, table
    assert (await vera.answer(consent=1)).status_code == 401


async def test_settings_that_cannot_hold(world: World, browser: Browser) -> None:
    for change, code in (
        ({"consent_tick": True}, "consent-missing"),
        ({"consent_tick": True, "consent": {"en": "  "}}, "consent-missing"),
        ({"asked": [{"what": "name"}, {"what": "name"}]}, "asked-twice"),
        ({"asked": [{"what": "field:plan"}]}, "asked-field-unknown"),
        ({"asked": [{"what": "field:nothing"}]}, "asked-field-unknown"),
        ({"asked": [{"what": "name", "label": {"en": "x" * 81}}]}, "asked-too-long"),
    ):
        assert refused(await set_around(world, browser, **change)) == (422, code)


async def test_a_field_that_no_page_may_set_any_more_is_not_asked(world: World, browser: Browser) -> None:
    await around(world, browser, asked=[{"what": "field:size", "required": True}])
    nora = await newcomer(world, browser)
    assert await nora.asked() == ["field:size"]
    async with world.database.work() as work:
        field_id = await work.value("SELECT id FROM field WHERE key = 'size'")
        await fields.edit_field(work, world.sol.actor, field_id, EditField(set_by_page="never"))
    assert await nora.asked() == []
    assert (await nora.write()).status_code == 201


async def test_nobody_answers_for_somebody_else(world: World, browser: Browser) -> None:
    await around(world, browser, asked=[{"what": "email"}], consent={"en": "Agree?"}, consent_tick=True)
    stranger = await newcomer(world, browser)
    body = {"consent": 1, "values": {"email": "m@evil.test"}, "contact_id": str(world.vera.actor.contact_id)}
    assert (await stranger.call("PUT", "/before", body)).status_code == 422
    assert (await stranger.answer({"email": "m@evil.test"}, consent=1)).status_code == 204
    vera = Newcomer(world, browser, world.vera.token)
    assert (await vera.before())["consent"]["tick"] is True
    async with world.database.work() as work:
        await contacts.claim(work, world.vera.actor, Claims(name="Vera"))
        assert await work.value("SELECT claims FROM contact WHERE id = $1", world.vera.actor.contact_id) == {
            "name": "Vera"
        }
