"""Chat links: who makes them, what they open, and everything that ends them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from alongside.domains.agents import actions as agents
from alongside.domains.chatlinks import actions
from alongside.domains.chatlinks.events import ChatLinkCreated, ChatLinkRevoked
from alongside.domains.privacy import actions as privacy
from alongside.kit.ids import digest
from tests.chatlinks.guest import CRM, SCOPES, Guest, give, links, make
from tests.harness.standing import stop_refilling
from tests.integrations.program import Program, made
from tests.world import Browser, World, make_role


async def test_a_link_opens_its_conversation_and_answers_as_its_agent(
    browser: Browser, program: Program, world: World
) -> None:
    link = await make(program, world)
    assert link["conversation_id"] == str(world.conversation_id)
    guest = Guest(browser, link["url"])
    assert guest.path == f"/chat/{link['id']}"
    opened = (await guest.call("GET")).json()
    assert (opened["agent_name"], opened["channel_name"], opened["newest"]["may_reply"]) == ("Ada", "Green Shop", True)
    assert opened["expires_at"] == link["expires_at"]
    [hello] = opened["newest"]["lines"]
    assert (hello["kind"], hello["author"], hello["own"], hello["author_name"]) == ("message", "visitor", False, None)

    reply = {"client_id": "0199c0de-0000-7000-8000-0000000000aa", "text": "We have it in green."}
    first = await guest.call("POST", "/messages", reply)
    assert first.status_code == 201, first.text
    assert (await guest.call("POST", "/messages", reply)).json() == first.json()
    note = {"client_id": "0199c0de-0000-7000-8000-0000000000ab", "text": "Knows us since May."}
    assert (await guest.call("POST", "/notes", note)).json()["line"]["kind"] == "note"
    assert (await guest.call("PUT", "/status", {"status": "done"})).status_code == 204
    news = (await guest.call("GET", "/lines?after=1")).json()
    told = [(line["kind"], line["own"], line["author_name"]) for line in news["lines"]]
    assert told == [("message", True, "Ada"), ("note", True, "Ada"), ("status", True, "Ada")]
    assert (news["status"], news["seq"], news["has_more"]) == ("done", 4, False)
    before = (await guest.call("GET", "/lines?before=3&limit=1")).json()
    assert ([line["seq"] for line in before["lines"]], before["has_more"]) == ([2], True)
    async with world.database.reading() as reading:
        row = await reading.row("SELECT author_kind, author_id FROM entry WHERE seq = 2")
    assert row is not None and tuple(row) == ("agent", world.ada.id)


async def test_what_is_changed_comes_again_under_its_number(browser: Browser, program: Program, world: World) -> None:
    guest = Guest(browser, (await make(program, world))["url"])
    for number in range(2):
        body = {"client_id": f"0199c0de-0000-7000-8000-00000000000{number}", "text": f"Reply {number}"}
        assert (await guest.call("POST", "/messages", body)).status_code == 201
    path = f"/conversations/{world.conversation_id}/entries"
    ada = browser.be(world.ada)
    edit = {"client_id": "0199c0de-0000-7000-8000-0000000000cc", "text": "Better words"}
    assert (await ada.patch(f"{path}/2", edit)).status_code == 200
    assert (await browser.be(world.ada).delete(f"{path}/3")).status_code == 200
    news = (await guest.call("GET", "/lines?after=3")).json()
    assert [(each["seq"], each["text"], each["edited"], each["deleted"]) for each in news["lines"]] == [
        (2, "Better words", True, False),
        (3, "", False, True),
    ]
    assert news["seq"] == 5


async def test_a_link_shows_no_more_than_its_shape(browser: Browser, program: Program, world: World) -> None:
    async with world.database.work() as work:
        await work.run("UPDATE contact SET email = 'vera@secret.test', phone = '030 KESTREL'")
    browser.be(world.sol)
    await browser.put(f"/conversations/{world.conversation_id}/assignment", {"agent_id": str(world.ada.id)})
    guest = Guest(browser, (await make(program, world))["url"])
    everything = (await guest.call("GET")).text + (await guest.call("GET", "/lines")).text
    for secret in ("vera@secret.test", "KESTREL", str(world.vera.actor.contact_id), str(world.ada.id), "assignment"):
        assert secret not in everything


async def end(how: str, browser: Browser, program: Program, world: World, link_id: str) -> None:
    if how == "revoked":
        assert (await program.call("DELETE", f"/chat-links/{link_id}")).status_code == 204
    elif how == "expired":
        async with world.database.work() as work:
            await work.run(
                "UPDATE chat_link SET created_at = now() - interval '2 h', expires_at = now() - interval '1 s'"
            )
    elif how == "agent gone":
        await agents.deactivate(world.database, world.sol.actor, world.ada.id)
    elif how == "out of sight":
        async with world.database.work() as work:
            await work.run("UPDATE role SET sees = 'own' WHERE name = 'Agent'")
        browser.be(world.sol)
        await browser.put(f"/conversations/{world.conversation_id}/assignment", {"agent_id": str(world.ben.id)})
    elif how == "key revoked":
        async with world.database.work() as work:
            await work.run("UPDATE api_key SET revoked_at = now()")
    else:
        await privacy.erase(world.database, world.sol.actor, world.vera.actor.contact_id)


@pytest.mark.parametrize(
    ("how", "code", "reason"),
    [
        ("revoked", "chat-link-over", "revoked"),
        ("expired", "chat-link-over", "expired"),
        ("agent gone", "chat-link-over", "closed"),
        ("out of sight", "chat-link-over", "closed"),
        ("key revoked", "chat-link-over", "closed"),
        ("erased", "no-such-chat-link", None),
    ],
)
async def test_what_ends_a_link(
    browser: Browser, program: Program, world: World, how: str, code: str, reason: str | None
) -> None:
    link = await make(program, world)
    guest = Guest(browser, link["url"])
    assert (await guest.call("GET")).status_code == 200
    await end(how, browser, program, world, link["id"])
    assert await guest.ended() == (401, code, reason)
    body = {"client_id": "0199c0de-0000-7000-8000-0000000000aa", "text": "Too late"}
    for method, path, sent in (
        ("GET", "/lines", None),
        ("POST", "/messages", body),
        ("POST", "/notes", body),
        ("PUT", "/status", {"status": "done"}),
    ):
        assert (await guest.call(method, path, sent)).status_code == 401, path
    async with world.database.reading() as reading:
        assert not await reading.value("SELECT count(*) FROM entry WHERE text = 'Too late'")


async def test_who_may_not_answer_any_more_reads(browser: Browser, program: Program, world: World) -> None:
    guest = Guest(browser, (await make(program, world))["url"])
    async with world.database.work() as work:
        await work.run("UPDATE role SET permissions = '{}' WHERE name = 'Agent'")
    assert (await guest.call("GET")).json()["newest"]["may_reply"] is False
    body = {"client_id": "0199c0de-0000-7000-8000-0000000000aa", "text": "I may not"}
    for path, sent in (("/messages", body), ("/notes", body), ("/status", {"status": "done"})):
        answer = await guest.call("PUT" if path == "/status" else "POST", path, sent)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"agent_id": None}, 422, "agent-missing"),
        ({"agent_id": str(UUID(int=1))}, 422, "no-such-agent"),
        ({"conversation_id": str(UUID(int=1))}, 404, "no-such-conversation"),
        ({"origins": ["crm.example.com/path"]}, 422, None),
        ({"origins": ["javascript:alert(1)"]}, 422, None),
        ({"origins": [f"https://s{each}.test" for each in range(11)]}, 422, None),
        ({"hours": 0}, 422, None),
        ({"hours": 169}, 422, None),
        ({"secret": "mine"}, 422, None),
    ],
)
async def test_what_makes_no_link(
    program: Program, world: World, body: dict[str, Any], status: int, code: str | None
) -> None:
    answer = await program.call("POST", links(world), {"agent_id": str(world.ada.id), **body})
    assert answer.status_code == status, answer.text
    assert code in (None, answer.json()["code"])
    assert (await program.get(links(world))).json() == []


async def test_who_may_make_links(browser: Browser, program: Program, world: World) -> None:
    for scopes in (("read",), ("read", "conversations.reply"), ("chat_links.manage",)):
        other, _ = await made(browser, world, *scopes)
        answer = await other.call("POST", links(world), {"agent_id": str(world.ada.id)})
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted"), scopes
    personal, _ = await made(browser, world, *SCOPES, only_of=str(world.ada.id))
    answer = await personal.call("POST", links(world), {})
    assert answer.status_code == 404, "of others' and nobody's customers a personal key knows nothing"
    await give(browser, world, world.ada)
    assert (await personal.call("POST", links(world), {})).json()["agent_id"] == str(world.ada.id)
    answer = await personal.call("POST", links(world), {"agent_id": str(world.ben.id)})
    assert answer.json()["code"] == "not-your-name"


async def test_people_make_links_for_themselves_alone(browser: Browser, world: World) -> None:
    role_id = await make_role(world.database, "Linker", ["chat_links.manage", "conversations.reply"])
    async with world.database.work() as work:
        await work.run("UPDATE agent SET role_id = $2 WHERE id = $1", world.ben.id, role_id)
    ben = browser.be(world.ben)
    assert (await ben.post(links(world), {})).json()["agent_id"] == str(world.ben.id)
    answer = await ben.post(links(world), {"agent_id": str(world.sol.id)})
    assert (answer.status_code, answer.json()["code"]) == (403, "not-your-name")
    assert (await browser.be(world.ada).post(links(world), {})).json()["code"] == "not-permitted"


async def test_a_customer_who_has_not_written_has_no_link(browser: Browser, program: Program, world: World) -> None:
    new = await browser.be(world.sol).post("/contacts", {"name": "Walter"})
    path = f"/contacts/{new.json()['contact']['id']}/chat-links"
    answer = await program.call("POST", path, {"agent_id": str(world.ada.id)})
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing-written")


async def test_an_agent_who_does_not_see_it_is_not_named(browser: Browser, program: Program, world: World) -> None:
    async with world.database.work() as work:
        await work.run("UPDATE role SET sees = 'own' WHERE name = 'Agent'")
    await give(browser, world, world.ben)
    answer = await program.call("POST", links(world), {"agent_id": str(world.ada.id)})
    assert (answer.status_code, answer.json()["code"]) == (422, "agent-sees-not")


async def test_links_are_listed_counted_and_swept(
    program: Program, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await make(program, world), await make(program, world, hours=168)
    listed = (await program.get(links(world))).json()
    assert [(each["id"], each["origins"]) for each in listed] == [(first["id"], [CRM]), (second["id"], [CRM])]
    assert "#" not in str(listed)
    monkeypatch.setattr(actions, "MOST_LINKS", 2)
    refused = await program.call("POST", links(world), {"agent_id": str(world.ada.id)})
    assert (refused.status_code, refused.json()["code"]) == (409, "too-many-chat-links")
    assert (await program.call("DELETE", f"/chat-links/{first['id']}")).status_code == 204
    assert (await program.call("DELETE", f"/chat-links/{first['id']}")).json()["code"] == "no-such-chat-link"
    assert [each["id"] for each in (await program.get(links(world))).json()] == [second["id"]]
    async with world.database.work() as work:
        await work.run(
            "UPDATE chat_link SET created_at = now() - interval '9 days', expires_at = now() - interval '8 days' "
            "WHERE id = $1",
            UUID(first["id"]),
        )
        assert await actions.sweep(work) == 1


async def test_only_the_hash_is_kept_and_deeds_name_no_customer(
    browser: Browser, program: Program, world: World
) -> None:
    link = await make(program, world)
    secret = link["url"].partition("#")[2]
    await program.call("DELETE", f"/chat-links/{link['id']}")
    async with world.database.reading() as reading:
        kept = await reading.row("SELECT t::text AS row, secret_sha256 FROM chat_link t")
        deeds = await reading.rows("SELECT type, data FROM audit_entry WHERE type LIKE 'CHAT_LINK%' ORDER BY at")
    assert kept is not None and kept["secret_sha256"] == digest(secret) and secret not in kept["row"]
    assert [each["type"] for each in deeds] == [ChatLinkCreated.deed, ChatLinkRevoked.deed]
    for each in deeds:
        assert each["data"]["customer_id"] == str(world.vera.actor.contact_id)
        assert each["data"]["agent"] == "Ada" and secret not in str(each["data"])


async def test_a_page_is_framed_by_its_sites_alone(browser: Browser, program: Program, world: World) -> None:
    link = await make(program, world, origins=["https://crm.example.com", "https://erp.example.com:8443"])
    alone = await make(program, world, origins=[])
    wanted = {
        link["id"]: "frame-ancestors https://crm.example.com https://erp.example.com:8443",
        alone["id"]: "frame-ancestors 'none'",
        str(UUID(int=1)): "frame-ancestors 'none'",
    }
    bodies = set()
    for link_id, rule in wanted.items():
        answer = await browser.client.get(f"/chat/{link_id}")
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].endswith(rule)
        assert (answer.headers["referrer-policy"], answer.headers.get("set-cookie")) == ("no-referrer", None)
        bodies.add(answer.text)
    assert len(bodies) == 1, "nothing about a link is told without its secret"


async def test_guessing_is_slowed_down_and_a_true_link_is_not(
    browser: Browser, program: Program, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_refilling(monkeypatch)
    guest = Guest(browser, (await make(program, world))["url"])
    guesser = Guest(browser, f"https://chat.test/chat/x#{'a' * 43}")
    codes = [(await guesser.call("GET")).status_code for _ in range(40)]
    assert codes[0] == 401 and codes[-1] == 429
    assert (await guest.call("GET")).status_code == 200
