"""A conversation by mail: to whom, when, what it holds, and what nobody can make of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import msgspec
import pytest

from alongside import contents
from alongside.domains.channels import actions as channels
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.schemas import Claims
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations.actions import Rating
from alongside.domains.conversations.schemas import Status
from alongside.domains.mail import actions as mail
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft, Kind
from alongside.domains.privacy import actions as privacy
from alongside.domains.transcripts import actions as transcripts
from alongside.domains.transcripts import logic
from alongside.domains.transcripts.logic import Line
from alongside.kit.ids import new_client_id
from alongside.kit.time import now
from alongside.platform.config import Config
from alongside.platform.secret import Secret
from tests.harness.smtp import Mailbox, all_tried, html_of, mail_server, text_of
from tests.world import Browser, Colleague, Visitor, World, hire, make_config, make_role

KINDS = {kind.name: kind for kind in contents.LETTERS}
TO = "vera@home.test"
WRONG = ("", "vera", "vera@", "a@b.test, c@d.test", "a@b.test\r\nBcc: c@d.test", "<a@b.test>", "x" * 300 + "@b.test")
TOKYO = "INSERT INTO visit (contact_id, channel_id, timezone) VALUES ($1, $2, 'Asia/Tokyo')"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """What the mail server took."""
    with mail_server() as box:
        yield box


@pytest.fixture
def config(fresh_database_url: str, tmp_path: Path, mailbox: Mailbox) -> Config:
    """Settings of a server that sends its mail there."""
    return make_config(fresh_database_url, tmp_path, mail_url=Secret(mailbox.url))


class Desk:
    """Vera's conversation, asked for by her and by agents."""

    def __init__(self, world: World, browser: Browser) -> None:
        self.world, self.browser = world, browser

    async def say(self, who: Colleague | Visitor, text: str, kind: Kind = "message") -> int:
        draft = Draft(new_client_id(), text, kind)
        world = self.world
        return (await messages.post(world.database, who.actor, world.conversation_id, draft, 10_000)).seq

    async def status(self, status: Status) -> None:
        async with self.world.database.work() as work:
            await conversations.set_status(work, self.world.ada.actor, self.world.conversation_id, status)

    async def switch(self, on: bool = True) -> None:
        change = {"settings": {"around": {"transcript": on}}}
        assert (await self.browser.be(self.world.sol).patch(f"/channels/{self.world.site.id}", change)).is_success

    async def visitor(self, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.world.vera.token}"}
        return await self.browser.call(method, f"/widget{path}", json=body, headers=headers)

    async def ask(self, address: str = TO, episode: int = 1) -> tuple[int, str]:
        answer = await self.visitor("PUT", "/transcript", {"episode": episode, "address": address})
        return answer.status_code, "" if answer.is_success else answer.json()["code"]

    async def now(self) -> Any:
        return (await self.visitor("GET", "/around")).json()["transcript"]

    async def send(self, address: str = TO) -> tuple[int, str]:
        path = f"/conversations/{self.world.conversation_id}/transcript/mail"
        answer = await self.browser.post(path, {"address": address})
        return answer.status_code, "" if answer.is_success else answer.json()["code"]

    async def minute(self) -> None:
        """What the jobs of a minute do."""
        await transcripts.fulfil(self.world.database)
        await mail.deliver(self.world.database, self.world.config, KINDS)
        await all_tried(self.world.database)

    async def rows(self, table: str) -> int:
        async with self.world.database.reading() as reading:
            return int(await reading.value(f"SELECT count(*) FROM {table}"))


@pytest.fixture
async def desk(world: World, browser: Browser) -> Desk:
    """Ada has answered, and the channel sends transcripts."""
    desk = Desk(world, browser)
    await desk.switch()
    await desk.say(world.ada, "Yes, <b>three</b> are left.")
    return desk


async def recognised(desk: Desk, bearer: str | None, email: str) -> str:
    """The site signs who somebody is. Returns their new token."""
    world = desk.world
    async with world.database.work() as work:
        key = await channels.add_identity_key(work, world.sol.actor, world.site.id)
    claims = {"sub": "customer 7", "aud": world.site.key, "exp": 4_000_000_000, "email": email}
    token = jwt.encode(claims, key.secret, "HS256", headers={"kid": key.kid})
    headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
    body = {"channel": world.site.key, "token": token}
    answer = await desk.browser.call("POST", "/widget/identify", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


async def wishes(world: World) -> list[tuple[Any, ...]]:
    async with world.database.reading() as reading:
        rows = await reading.rows(
            """
            SELECT EXISTS (SELECT FROM identity i WHERE i.contact_id = c.contact_id AND i.kind = 'verified') AS known,
                   w.episode, w.address
            FROM transcript_wish w JOIN conversation c ON c.id = w.conversation_id ORDER BY 1
            """
        )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(("email", "comes"), [("VERA@home.test", True), ("other@home.test", False)])
async def test_a_wish_comes_along_to_an_address_that_is_known_to_be_theirs(desk: Desk, email: str, comes: bool) -> None:
    """Who left another address in this browser is not to read on what the known customer writes."""
    world = desk.world
    await recognised(desk, None, email)
    assert (await desk.ask())[0] == 204
    token = await recognised(desk, world.vera.token, email)
    assert await wishes(world) == [(False, 1, TO), *([(True, 1, TO)] if comes else [])]
    headers = {"authorization": f"Bearer {token}"}
    message = {"client_id": str(new_client_id()), "text": "It is me"}
    sent = await desk.browser.call("POST", "/widget/conversation/messages", json=message, headers=headers)
    assert sent.status_code == 201
    state = (await desk.browser.call("GET", "/widget/around", headers=headers)).json()["transcript"]["state"]
    assert state == ("wished" if comes else None)


async def test_off_until_a_channel_wants_it(world: World, browser: Browser, mailbox: Mailbox) -> None:
    desk = Desk(world, browser)
    await desk.say(world.ada, "Yes.")
    assert await desk.now() is None
    assert await desk.ask() == (403, "transcript-off")
    await desk.switch()
    assert (await browser.get(f"/widget/channels/{world.site.key}")).json()["around"] is True
    assert (await desk.now())["answered"] is True
    for method in ("PUT", "DELETE"):
        answer = await browser.call(method, "/widget/transcript", json={"episode": 1, "address": TO})
        assert answer.status_code == 401


async def test_a_wish_is_fulfilled_once_when_it_is_over(desk: Desk, mailbox: Mailbox) -> None:
    world = desk.world
    assert await desk.ask("other@home.test") == (204, "")
    assert await desk.ask(f"  {TO} ") == (204, ""), "the last one holds"
    assert await desk.now() == {
        "episode": 1,
        "over": False,
        "answered": True,
        "state": "wished",
        "to": "v…@home.test",
        "known": None,
    }
    await desk.minute()
    assert mailbox.letters == []
    await desk.say(world.ada, "She always asks for a discount.", "note")
    gone = await desk.say(world.ada, "A slip of the pen.")
    async with world.database.work() as work:
        await messages.delete(work, world.ada.actor, world.conversation_id, gone)
        await work.run(TOKYO, world.vera.actor.contact_id, world.site.id)
    await desk.status("done")
    async with world.database.work() as work:
        await conversations.rate(work, world.vera.actor, Rating(1, 2, "So slow"))
    await asyncio.gather(*(transcripts.fulfil(world.database) for _ in range(4)))
    await desk.minute()
    (letter,) = mailbox.letters
    assert letter["To"] == TO
    assert letter["Subject"] == f"Ihre Unterhaltung: {world.site.name}"
    text, html = text_of(letter), html_of(letter)
    assert "Yes, <b>three</b> are left." in text
    assert "Yes, &lt;b&gt;three&lt;/b&gt; are left." in html
    assert "Sie, 20" in text
    for inside in ("discount", "slip of the pen", "So slow"):
        assert inside not in text + html
    assert "gelöscht" in text
    assert "Uhrzeiten in Asia/Tokyo." in text
    assert await desk.rows("transcript_wish") == 0
    assert ((await desk.now())["state"], (await desk.now())["to"]) == ("sent", "v…@home.test")
    await desk.minute()
    assert len(mailbox.letters) == 1


async def test_a_wish_can_be_taken_back_and_ends_with_the_setting(desk: Desk, mailbox: Mailbox) -> None:
    await desk.ask()
    assert (await desk.visitor("DELETE", "/transcript")).status_code == 204
    assert (await desk.now())["state"] is None
    await desk.ask()
    await desk.switch(False)
    await desk.status("done")
    await desk.minute()
    assert (mailbox.letters, await desk.rows("transcript_wish")) == ([], 0)


async def test_what_is_over_goes_at_once_and_only_that_episode(desk: Desk, mailbox: Mailbox) -> None:
    world = desk.world
    await desk.status("done")
    assert await desk.ask() == (204, "")
    await desk.say(world.vera, "Another thing")
    assert await desk.ask(episode=1) == (409, "another-episode")
    assert (await desk.now())["answered"] is False
    assert await desk.ask(episode=2) == (409, "not-answered"), "no texts of strangers to the addresses of others"
    await desk.say(world.ada, "Gladly")
    await desk.status("done")
    assert await desk.ask(episode=2) == (204, "")
    await desk.minute()
    first, second = sorted((text_of(letter) for letter in mailbox.letters), key=lambda text: "Gladly" in text)
    assert ("three" in first, "Another thing" in first) == (True, False)
    assert ("three" in second, "Another thing" in second) == (False, True)


async def test_the_address_is_one_and_known_only_to_who_gave_it(desk: Desk, mailbox: Mailbox) -> None:
    world = desk.world
    await desk.status("done")
    for address in WRONG:
        assert await desk.ask(address) == (422, "not-an-address"), address
        desk.browser.be(world.sol)
        assert await desk.send(address) == (422, "not-an-address"), address
    async with world.database.work() as work:
        await work.run("UPDATE contact SET email = 'by-agents@home.test' WHERE id = $1", world.vera.actor.contact_id)
    assert (await desk.now())["known"] is None
    async with world.database.work() as work:
        await contacts.claim(work, world.vera.actor, Claims(email=TO))
    assert (await desk.now())["known"] == TO
    await desk.minute()
    assert mailbox.letters == []


async def test_what_the_server_does_not_take_is_told(desk: Desk, mailbox: Mailbox) -> None:
    mailbox.refuse = {TO: "550 Nobody"}
    await desk.status("done")
    await desk.ask()
    await desk.minute()
    assert (await desk.now())["state"] == "failed"


async def test_nobody_is_flooded(desk: Desk, mailbox: Mailbox) -> None:
    await desk.status("done")
    asked = [await desk.ask(f"vera{number}@home.test") for number in range(transcripts.MOST_PER_CONVERSATION + 1)]
    assert asked == [(204, "")] * transcripts.MOST_PER_CONVERSATION + [(429, "too-many-tries")]
    desk.browser.be(desk.world.sol)
    assert await desk.send() == (429, "too-many-tries"), "whoever asks"
    await desk.minute()
    assert len(mailbox.letters) == transcripts.MOST_PER_CONVERSATION


async def test_an_agent_sends_it_and_the_log_knows_no_address(desk: Desk, mailbox: Mailbox) -> None:
    world = desk.world
    await desk.say(world.ada, "For us alone.", "note")
    desk.browser.be(world.sol)
    assert await desk.send() == (204, "")
    await desk.minute()
    (letter,) = mailbox.to(TO)
    assert "three" in text_of(letter)
    assert "For us alone" not in text_of(letter) + html_of(letter)
    async with world.database.reading() as reading:
        (deed,) = await reading.rows("SELECT actor_id, data FROM audit_entry WHERE type = 'CONVERSATION_EXPORTED'")
    assert deed["actor_id"] == world.sol.id
    assert (deed["data"]["format"], deed["data"]["inside"]) == ("mail", False)
    assert TO not in str(deed["data"])
    assert (await desk.now())["state"] is None, "what agents send is not the visitor's to know"


async def test_who_may_not(desk: Desk, world: World) -> None:
    async with world.database.work() as work:
        await conversations.assign(work, world.ada.actor, world.conversation_id, world.ada.id, None)
    for permissions, sees, refused in (
        (["conversations.reply"], "all", (403, "not-permitted")),
        (["conversations.export"], "own", (404, "no-such-conversation")),
    ):
        role_id = await make_role(world.database, f"Sees {sees}", permissions)
        async with world.database.work() as work:
            await work.run("UPDATE role SET sees = $2 WHERE id = $1", role_id, sees)
        somebody = await hire(world.config, world.database, f"Nosy{sees}", role_id)
        desk.browser.be(somebody)
        assert await desk.send() == refused
    assert await desk.rows("mail") == 0
    assert await desk.rows("audit_entry WHERE type = 'CONVERSATION_EXPORTED'") == 0


async def test_without_a_mail_server_nothing_is_offered(world: World, desk: Desk) -> None:
    unset = msgspec.structs.replace(world.config, mail_url=None)
    asked = transcripts.Asked(1, TO, "")
    with pytest.raises(transcripts.Conflict, match="No mail goes out"):
        await transcripts.ask_by_mail(world.database, unset, world.vera.actor, asked)
    parcel = transcripts.Parcel(world.conversation_id, TO)
    with pytest.raises(transcripts.Conflict, match="No mail goes out"):
        await transcripts.send_by_mail(world.database, unset, world.sol.actor, parcel)


async def test_it_is_part_of_the_person(desk: Desk, world: World, mailbox: Mailbox) -> None:
    mailbox.refuse = {"later@home.test": "451 Later"}
    desk.browser.be(world.sol)
    await desk.send("later@home.test")
    await desk.minute()
    await desk.ask("wished@home.test")
    contact_id = world.vera.actor.contact_id
    async with world.database.snapshot() as reading:
        exported = str(msgspec.to_builtins(await privacy.personal_data(reading, contact_id, "https://chat.test")))
    assert "wished@home.test" in exported
    assert "later@home.test" in exported
    await privacy.erase(world.database, world.sol.actor, contact_id)
    assert (await desk.rows("transcript_wish"), await desk.rows("mail")) == (0, 0)
    mailbox.refuse = {}
    await desk.minute()
    assert mailbox.letters == []


def test_a_letter_has_an_end() -> None:
    def line(seq: int, text: str) -> Line:
        return Line(seq=seq, episode=1, at=now(), kind="message", side="agent", author="Ada", text=text)

    many = [line(seq, "x") for seq in range(logic.MOST_MESSAGES + 5)]
    assert [each.seq for each in logic.fitting(many)] == list(range(5, logic.MOST_MESSAGES + 5))
    long = [line(1, "x" * 10), line(2, "y" * logic.MOST_CHARS)]
    assert [each.seq for each in logic.fitting(long)] == [2]
    assert logic.fitting([]) == []
    assert logic.masked("ada@shop.test") == "a…@shop.test"
