"""P17: what is one visitor's is nobody else's: not to read, not to write, not to mark, by no door."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from alongside.kit.ids import new_client_id
from tests.harness.clients import VisitorClient
from tests.harness.journal import Journal
from tests.harness.stage import Stage

SECRET = "my password is kestrel"


class Victim:
    """Vera, who told something, and whose things are compared before and after."""

    def __init__(self, stage: Stage, token: str, conversation_id: UUID) -> None:
        self.stage, self.token, self.conversation_id = stage, token, conversation_id
        self.contact_id = stage.sql("SELECT contact_id FROM conversation WHERE id = %s", conversation_id)[0][0]
        self.before = self.rows()

    def rows(self) -> list[Any]:
        """Everything stored about her."""
        asked = {
            "contact": "SELECT t::text FROM contact t WHERE id = %s",
            "identity": "SELECT t::text FROM identity t WHERE contact_id = %s ORDER BY id",
            "conversation": "SELECT t::text FROM conversation t WHERE contact_id = %s",
            "entry": "SELECT e::text FROM entry e JOIN conversation c ON c.id = e.conversation_id "
            "WHERE c.contact_id = %s ORDER BY seq",
        }
        return [self.stage.sql(sql, self.contact_id) for sql in asked.values()]

    def assert_untouched(self) -> None:
        assert self.rows() == self.before


@pytest.fixture
async def vera(one: Stage) -> Victim:
    token = await one.newcomer()
    async with one.visitor(token) as tab, one.agent(one.world.ada) as ada:
        await tab.send(SECRET)
        conversation_id = await one.conversation_of(token)
        await ada.send(conversation_id, "Thank you, kestrel it is.")
        await tab.until(lambda: tab.log.last == 2)
    return Victim(one, token, conversation_id)


def foreign_fields(vera: Victim) -> dict[str, str]:
    """Every way to name what is Vera's."""
    return {
        "conversation_id": str(vera.conversation_id),
        "contact_id": str(vera.contact_id),
        "conversation": str(vera.conversation_id),
        "visitor": str(vera.contact_id),
    }


async def test_frames_that_name_anothers_conversation(one: Stage, vera: Victim) -> None:
    mallory = await one.newcomer()
    async with one.visitor(mallory) as tab:
        epoch = tab.log.epoch
        named = foreign_fields(vera)
        for frame in (
            {"type": "send", "client_id": str(new_client_id()), "text": "hello from Mallory"},
            {"type": "resume", "position": {"epoch": epoch, "seq": 0, **named}},
            {"type": "marks", "delivered": 2, "seen": 2},
            {"type": "typing", "on": True},
            {"type": "page", "visit": {"url": "https://evil.test/"}},
        ):
            await tab.say(frame | named)
        await tab.until(lambda: tab.log.last == 1)
        for position in ({"epoch": epoch, "seq": 2}, {"epoch": epoch, "seq": -1}, {"epoch": "other", "seq": 0}):
            answers = len(tab.of_type("resumed")) + len(tab.of_type("reset"))
            await tab.say({"type": "resume", "position": position} | named)
            await tab.until(lambda: len(tab.of_type("resumed")) + len(tab.of_type("reset")) > answers)  # noqa: B023
        assert_nothing_of(vera, tab)
    vera.assert_untouched()


async def test_requests_that_name_anothers_conversation(one: Stage, vera: Victim) -> None:
    mallory = await one.newcomer()
    named = foreign_fields(vera)
    async with one.widget(mallory) as http:
        answers = [
            await http.get("/conversation", params=named),
            await http.get("/conversation", params={"after": 0, **named}),
            await http.get("/conversation", params={"before": 99, **named}),
            await http.get(f"/conversation/{vera.conversation_id}"),
            await http.get(f"/conversations/{vera.conversation_id}"),
            await http.post("/conversation/seen", json={"seq": 2}),
            await http.post("/conversation/seen", json={"seq": 2, **named}),
            await http.post("/conversation/messages", json={"client_id": str(new_client_id()), "text": "x", **named}),
            await http.post("/identify", json={"channel": one.world.site.key, "claims": {"id": str(vera.contact_id)}}),
        ]
    for answer in answers:
        assert answer.status_code in (200, 201, 204, 404, 405, 422), answer.text
        assert "kestrel" not in answer.text
    vera.assert_untouched()


async def test_agents_doors_are_closed_to_visitors(one: Stage, vera: Victim) -> None:
    mallory = await one.newcomer()
    paths = [
        f"/conversations/{vera.conversation_id}",
        f"/conversations/{vera.conversation_id}/entries",
        f"/contacts/{vera.contact_id}",
        "/conversations?folder=all",
    ]
    for token in (mallory, vera.token):
        async with one.http() as http:
            http.headers["Authorization"] = f"Bearer {token}"
            http.headers["Cookie"] = f"__Host-alongside={token}; alongside={token}"
            for path in paths:
                assert (await http.get(path)).status_code == 401


async def test_anothers_message_ids_say_nothing(one: Stage, vera: Victim) -> None:
    """To send Vera's client id is to write a message of one's own: neither her text nor a conflict comes back."""
    client_id = one.sql("SELECT client_id FROM entry WHERE conversation_id = %s AND seq = 1", vera.conversation_id)
    async with one.visitor(await one.newcomer(), journal=Journal()) as tab:
        entry = await tab.send("is this taken?", client_id[0][0])
        assert (entry["seq"], entry["text"]) == (1, "is this taken?")
    vera.assert_untouched()


async def test_claims_reveal_nothing(one: Stage, vera: Victim) -> None:
    """Whoever claims to be Vera without proof starts from nothing."""
    one.sql("UPDATE contact SET email = 'vera@example.com', name = 'Vera' WHERE id = %s", vera.contact_id)
    vera.before = vera.rows()
    claims = {"id": str(vera.contact_id), "email": "vera@example.com", "name": "Vera"}
    async with one.http() as http:
        body = {"channel": one.world.site.key, "claims": claims}
        session = (await http.post("/widget/identify", json=body)).json()
    assert not session["visitor"]["verified"]
    async with one.visitor(session["token"]) as tab, one.widget(session["token"]) as widget:
        assert tab.log.items == []
        assert (await widget.get("/conversation")).json()["messages"] == []
    vera.assert_untouched()


async def test_a_token_that_ended_opens_nothing(one: Stage, vera: Victim) -> None:
    async with one.widget(vera.token) as http:
        assert (await http.post("/reset")).status_code == 204
        assert (await http.get("/conversation")).status_code == 401
        body = {"client_id": str(new_client_id()), "text": "still me?"}
        assert (await http.post("/conversation/messages", json=body)).status_code == 401
        assert (await http.post("/conversation/seen", json={"seq": 1})).status_code == 401
    tab = one.visitor(vera.token)
    tab.start()
    await tab.until(lambda: bool(tab.closes))
    assert tab.closes == [(4401, "This visitor session has ended. Start a new one.")]
    assert_nothing_of(vera, tab)
    await tab.stop()


def assert_nothing_of(vera: Victim, tab: VisitorClient) -> None:
    heard = json.dumps([frame for _, frame in tab.frames])
    for secret in ("kestrel", str(vera.conversation_id), str(vera.contact_id)):
        assert secret not in heard
