"""P07: a snapshot and the frames after it are the state, for every verb and both audiences."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import jwt
import pytest

from alongside import contents  # noqa: F401 - every fact must be known
from alongside.domains.agents import events as agent_facts
from alongside.domains.articles import events as article_facts
from alongside.domains.channels import actions as channels
from alongside.domains.channels import events as channel_facts
from alongside.domains.chatlinks import events as chatlink_facts
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts import events as contact_facts
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import events as conversation_facts
from alongside.domains.fields import actions as fields
from alongside.domains.fields import events as field_facts
from alongside.domains.labels import actions as labels
from alongside.domains.labels import events as label_facts
from alongside.domains.messages import actions as messages
from alongside.domains.notifications import events as notification_facts
from alongside.domains.privacy import events as privacy_facts
from alongside.domains.reports import events as report_facts
from alongside.domains.textblocks import events as textblock_facts
from alongside.domains.tickets import events as ticket_facts
from alongside.domains.webhooks import events as webhook_facts
from alongside.domains.workspace import events as workspace_facts
from alongside.kit.ids import new_client_id
from alongside.platform.deeds import Deed
from alongside.platform.events import Fact
from tests.files.media import wav
from tests.harness.client import Client
from tests.harness.clients import AgentClient, VisitorClient
from tests.harness.stage import Stage
from tests.reliability.algebra import TeamState, VisitorState


@dataclass
class Scene:
    """A conversation with a visitor's tab and a console that watch, and the doors by which others act."""

    stage: Stage
    token: str
    conversation_id: UUID
    contact_id: str
    tab: VisitorClient
    console: AgentClient
    ben: httpx.AsyncClient
    sol: httpx.AsyncClient
    visitor: httpx.AsyncClient

    def path(self, tail: str = "") -> str:
        return f"/conversations/{self.conversation_id}{tail}"

    async def write(self, text: str) -> None:
        body = {"client_id": str(new_client_id()), "text": text}
        ok(await self.visitor.post("/conversation/messages", json=body))

    async def write_file(self, text: str) -> None:
        file = await upload(self.visitor, "/uploads", "/uploads", wav())
        body = {"client_id": str(new_client_id()), "text": text, "attachments": [file]}
        ok(await self.visitor.post("/conversation/messages", json=body))

    async def reply(self, text: str, **more: Any) -> None:
        body = {"client_id": str(new_client_id()), "text": text, **more}
        ok(await self.ben.post(self.path("/messages"), json=body))

    async def status(self, status: str) -> None:
        ok(await self.ben.put(self.path("/status"), json={"status": status}))


def ok(answer: httpx.Response) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def post(scene: Scene) -> None:
    await scene.write("a question")
    await scene.reply("an answer")
    await scene.reply("a last answer", then_done=True)
    await scene.write("a question after the end")
    note = {"client_id": str(new_client_id()), "text": "a note"}
    ok(await scene.ben.post(scene.path("/notes"), json=note))


async def post_articles(scene: Scene) -> None:
    article = ok(await scene.sol.post("/articles", json={"language": "en", "title": f"Help {new_client_id()}"}))
    text = article["texts"][0]
    path = f"/articles/{article['id']}/texts/en/published"
    page = ok(await scene.sol.put(path, json={"revision": text["revision"]}))
    body = {"client_id": str(new_client_id()), "slugs": [page["published_slug"]]}
    for _ in range(2):
        ok(await scene.ben.post(scene.path("/articles"), json=body))
    assert scene.console.of_type("articles_changed")


async def change(scene: Scene) -> None:
    """Messages and a note, of both sides, edited more than once and deleted; the visitor never hears of the note."""
    await scene.write("a qestion")
    await scene.reply("an answer")
    note = {"client_id": str(new_client_id()), "text": "a note"}
    ok(await scene.ben.post(scene.path("/notes"), json=note))
    sol = {"mentions": [{"agent_id": str(scene.stage.world.sol.id)}]}
    for seq, names in ((3, {}), (4, sol)):
        for text in ("another text", "a third text"):
            body = {"client_id": str(new_client_id()), "text": text, **names}
            ok(await scene.ben.patch(scene.path(f"/entries/{seq}"), json=body))
    for text in ("a question", "a better question"):
        body = {"client_id": str(new_client_id()), "text": text}
        ok(await scene.visitor.patch("/conversation/messages/2", json=body))
    await scene.write("and another")
    ok(await scene.visitor.request("DELETE", "/conversation/messages/2"))
    for seq in (3, 4):
        ok(await scene.ben.delete(scene.path(f"/entries/{seq}")))


async def post_files(scene: Scene) -> None:
    """Of the visitor and of the team; with text, without, and in a note that the visitor never hears of."""
    await scene.write_file("listen")
    await scene.write_file("")
    for path in ("/messages", "/notes"):
        file = await upload(scene.ben, scene.path("/uploads"), "/uploads", wav())
        body = {"client_id": str(new_client_id()), "text": "", "attachments": [file]}
        ok(await scene.ben.post(scene.path(path), json=body))
    await scene.reply("no file")


async def upload(http: httpx.AsyncClient, begin: str, uploads: str, content: bytes) -> str:
    begun = ok(await http.post(begin, json={"name": "voice.wav", "bytes": len(content)}))
    done = ok(await http.patch(f"{uploads}/{begun['id']}", params={"offset": 0}, content=content))
    return str(done["attachment"]["id"])


async def set_status(scene: Scene) -> None:
    for status in ("unresolved", "done", "unread", "unread"):
        await scene.status(status)


async def assign(scene: Scene) -> None:
    team = ok(await scene.sol.post("/teams", json={"name": f"Team {new_client_id()}", "member_ids": []}))
    ben = str(scene.stage.world.ben.id)
    for agent_id, team_id in ((ben, None), (None, team["id"]), (None, None), (None, None)):
        ok(await scene.sol.put(scene.path("/assignment"), json={"agent_id": agent_id, "team_id": team_id}))


async def begin(scene: Scene) -> None:
    """Another visitor's first message: a new row, and one more to count."""
    async with scene.stage.widget(await scene.stage.newcomer()) as other:
        body = {"client_id": str(new_client_id()), "text": "I am new here"}
        ok(await other.post("/conversation/messages", json=body))


async def answer_before(scene: Scene) -> None:
    """The visitor agrees to a text and says who they are."""
    site = scene.stage.world.site.id
    asked = {"consent": {"en": f"Agree {new_client_id()}"}, "consent_tick": True}
    channel = ok(await scene.sol.patch(f"/channels/{site}", json={"settings": {"around": asked}}))
    version = channel["settings"]["around"]["consent_version"]
    ok(await scene.visitor.put("/before", json={"consent": version, "language": "en"}))
    await scene.write("I agree")
    ok(await scene.sol.patch(f"/channels/{site}", json={"settings": {"around": {"consent_tick": False}}}))
    async with scene.stage.widget(await scene.stage.newcomer()) as other:
        asked = {"asked": [{"what": "name"}, {"what": "email"}]}
        ok(await scene.sol.patch(f"/channels/{site}", json={"settings": {"around": asked}}))
        ok(await other.put("/before", json={"values": {"name": "Says Vera", "email": "vera@home.test"}}))
        body = {"client_id": str(new_client_id()), "text": "I have told you"}
        ok(await other.post("/conversation/messages", json=body))
    ok(await scene.sol.patch(f"/channels/{site}", json={"settings": {"around": {"asked": [], "consent": {"en": ""}}}}))


async def rate(scene: Scene) -> None:
    """The visitor rates what is over, and changes their mind; the same again says nothing."""
    site = scene.stage.world.site.id
    ok(await scene.sol.patch(f"/channels/{site}", json={"settings": {"around": {"rating": True}}}))
    await scene.status("done")
    for stars, comment in ((2, "slow"), (4, "friendly"), (4, "friendly"), (5, "")):
        ok(await scene.visitor.put("/rating", json={"episode": 1, "stars": stars, "comment": comment}))
    ok(await scene.sol.patch(f"/channels/{site}", json={"settings": {"around": {"rating": False}}}))


async def mark_seen(scene: Scene) -> None:
    await scene.write("one")
    for seq in (2, 1, 99):
        ok(await scene.ben.put(scene.path("/seen"), json={"seq": seq}))


async def mark_visitor(scene: Scene) -> None:
    await scene.reply("one")
    await scene.reply("two")
    await scene.tab.say({"type": "marks", "delivered": 3, "seen": 2})
    await barrier(scene.tab)
    ok(await scene.visitor.post("/conversation/seen", json={"seq": 3}))


async def edit_contact(scene: Scene) -> None:
    ok(await scene.ben.patch(f"/contacts/{scene.contact_id}", json={"name": "Vera Visitor"}))
    ok(await scene.ben.patch(f"/contacts/{scene.contact_id}", json={"name": None, "phone": "+49 30 1"}))


async def change_hours(scene: Scene) -> None:
    ours = next(each for each in ok(await scene.sol.get("/opening-hours")) if each["is_default"])
    change = {name: ours[name] for name in ("name", "hours", "version")}
    ok(await scene.sol.patch(f"/opening-hours/{ours['id']}", json=change))


async def belong(scene: Scene) -> None:
    """A customer is given to Ben with what is open; another is made by a program, and writes."""
    ben = str(scene.stage.world.ben.id)
    ok(await scene.sol.put(f"/contacts/{scene.contact_id}/assignment", json={"agent_id": ben}))
    ok(await scene.sol.put(f"/contacts/{scene.contact_id}/assignment", json={"agent_id": None}))
    subject, site = f"made {scene.contact_id}", str(scene.stage.world.site.id)
    new = {"name": "Known before", "verified_id": subject, "channel_id": site, "agent_id": ben}
    ok(await scene.sol.post("/contacts", json=new))
    async with scene.stage.http() as elsewhere:
        token = await vouch(scene, subject, "Known before", elsewhere, "/widget/identify")
    async with scene.stage.widget(token) as other:
        body = {"client_id": str(new_client_id()), "text": "I am Ben's"}
        ok(await other.post("/conversation/messages", json=body))


async def define_fields(scene: Scene) -> None:
    """The definitions come and go, and one is filled by an agent and by a page."""
    label = {"en": f"Plan {new_client_id()}"}
    field = ok(await scene.sol.post("/fields", json={"kind": "text", "label": label, "set_by_page": "unsigned"}))
    await scene.console.until(lambda: bool(scene.console.of_type("directory_changed")))
    path = f"/contacts/{scene.contact_id}/fields/{field['id']}"
    ok(await scene.ben.put(path, json={"value": "gold"}))
    claims = {"name": "Vera", "fields": {field["key"]: "platinum"}}
    ok(await scene.visitor.post("/identify", json={"channel": scene.stage.world.site.key, "claims": claims}))
    ids = [each["id"] for each in ok(await scene.sol.get("/fields"))["fields"]]
    ok(await scene.sol.put("/fields/order", json={"ids": ids[::-1]}))
    ok(await scene.sol.patch(f"/fields/{field['id']}", json={"archived": True}))
    ok(await scene.sol.request("DELETE", f"/fields/{field['id']}"))


async def label(scene: Scene) -> None:
    """Labels on contact and conversation, and one that is deleted while it is carried."""
    name = f"VIP {new_client_id()}"[:30]
    made = ok(await scene.sol.post("/labels", json={"name": name, "colour": "red"}))["id"]
    other = ok(await scene.sol.post("/labels", json={"name": f"x{name}", "colour": "blue"}))["id"]
    ok(await scene.sol.patch(f"/labels/{made}", json={"colour": "green"}))
    for place in (scene.path(), f"/contacts/{scene.contact_id}"):
        for each in (made, other, made):
            ok(await scene.ben.put(f"{place}/labels/{each}"))
        ok(await scene.ben.request("DELETE", f"{place}/labels/{other}"))
    ok(await scene.sol.request("DELETE", f"/labels/{other}"))


async def merge(scene: Scene) -> None:
    """Another visitor is the same person, and then is not."""
    async with scene.stage.widget(await scene.stage.newcomer()) as other:
        body = {"client_id": str(new_client_id()), "text": "It is me again"}
        ok(await other.post("/conversation/messages", json=body))
        rows = ok(await scene.ben.get("/conversations", params={"folder": "all", "limit": 1}))["rows"]
        ok(await scene.sol.patch(f"/contacts/{rows[0]['contact']['id']}", json={"name": "Vera Again"}))
        merged = {"contact_id": rows[0]["contact"]["id"]}
        details = ok(await scene.sol.post(f"/contacts/{scene.contact_id}/merge", json=merged))
        ok(await scene.ben.patch(f"/contacts/{scene.contact_id}", json={"phone": "030 123"}))
        ok(await scene.sol.post(f"/contacts/merges/{details['merges'][0]['id']}/undo"))


async def import_file(scene: Scene) -> None:
    """A file that changes the visitor, and brings somebody new."""
    address = f"{new_client_id()}@example.com"
    ok(await scene.ben.patch(f"/contacts/{scene.contact_id}", json={"email": address}))
    csv = f"email,name\n{address},Vera from a file\n{new_client_id()}@example.com,New\n".encode()
    path = "/contacts/import?apply=true"
    report = ok(await scene.sol.post(path, files={"file": ("people.csv", csv, "text/csv")}))
    assert (report["created"], report["changed"]) == (1, 1)
    await scene.console.until(lambda: bool(scene.console.of_type("refresh")))


async def claim(scene: Scene) -> None:
    body = {"channel": scene.stage.world.site.key, "claims": {"name": "Says she is Vera"}}
    ok(await scene.visitor.post("/identify", json=body))


async def see_page(scene: Scene) -> None:
    page = {"url": "https://shop.test/green", "title": "Green"}
    await scene.tab.say({"type": "page", "visit": page})
    await barrier(scene.tab)


async def go_and_come(scene: Scene) -> None:
    """A second tab of the same browser, then neither."""
    async with scene.stage.visitor(scene.token):
        pass


async def edit_channel(scene: Scene) -> None:
    site = scene.stage.world.site.id
    ok(await scene.sol.patch(f"/channels/{site}", json={"settings": {"sound": False}}))
    key = ok(await scene.sol.post(f"/channels/{site}/identity-keys"))
    ok(await scene.sol.request("DELETE", f"/channels/{site}/identity-keys/{key['kid']}"))
    ok(await scene.sol.post("/channels", json={"name": "Another shop"}))
    await scene.tab.until(lambda: len(scene.tab.of_type("look_changed")) >= 3)


async def recognise(scene: Scene) -> None:
    """The site vouches for the visitor: their tab's token ends, and everybody sees who it is."""
    await vouch(scene, f"customer {scene.contact_id}", "Vera, proven")
    await scene.tab.until(lambda: bool(scene.tab.closes))
    assert scene.tab.closes[0][0] == 4401


async def carry_over(scene: Scene) -> None:
    """The visitor is known already, from elsewhere: what nobody has answered goes on in their own conversation."""
    async with scene.stage.http() as elsewhere:
        await vouch(scene, f"known {scene.contact_id}", "Vera", elsewhere, "/widget/identify")
    await vouch(scene, f"known {scene.contact_id}", "Vera, known")
    await scene.console.until(lambda: scene.console.rows[str(scene.conversation_id)]["status"] == "done")


async def presence(scene: Scene) -> None:
    async with scene.stage.agent(scene.stage.world.ben):
        ok(await scene.ben.put("/me/online", json={"online": True}))
        ok(await scene.ben.put("/me/online", json={"online": False}))
        await barrier(scene.console)


async def vouch(
    scene: Scene, subject: str, name: str, visitor: httpx.AsyncClient | None = None, path: str = "/identify"
) -> str:
    site = scene.stage.world.site
    key = ok(await scene.sol.post(f"/channels/{site.id}/identity-keys"))
    claims = {"sub": subject, "aud": site.key, "exp": 4_000_000_000, "name": name}
    token = jwt.encode(claims, key["secret"], "HS256", headers={"kid": key["kid"]})
    session = ok(await (visitor or scene.visitor).post(path, json={"channel": site.key, "token": token}))
    ok(await scene.sol.request("DELETE", f"/channels/{site.id}/identity-keys/{key['kid']}"))
    return str(session["token"])


Act = Callable[[Scene], Awaitable[None]]

# Every verb of these domains by the case that calls it.
VERBS: dict[Callable[..., Any], Act] = {
    messages.post: post,
    messages.carry_over: carry_over,
    messages.post_articles: post_articles,
    messages.edit: change,
    messages.delete: change,
    conversations.begin: begin,
    conversations.set_status: set_status,
    conversations.assign: assign,
    conversations.assign_customer: belong,
    conversations.give_to_owner: belong,
    conversations.record_identified: recognise,
    conversations.rate: rate,
    conversations.mark_seen: mark_seen,
    conversations.mark_visitor: mark_visitor,
    conversations.refresh_rows: edit_contact,
    conversations.label_conversation: label,
    contacts.meet_visitor: begin,
    contacts.recognise_visitor: recognise,
    contacts.claim: claim,
    contacts.tell: answer_before,
    contacts.forget_visitor: recognise,
    contacts.start_visit: go_and_come,
    contacts.see_page: see_page,
    contacts.leave: go_and_come,
    contacts.edit_contact: edit_contact,
    contacts.create_contact: belong,
    contacts.give_contact: belong,
    contacts.set_field: define_fields,
    contacts.label_contact: label,
    contacts.merge: merge,
    contacts.undo_merge: merge,
    contacts.import_contacts: import_file,
    fields.create_field: define_fields,
    fields.edit_field: define_fields,
    fields.order_fields: define_fields,
    fields.delete_field: define_fields,
    labels.create_label: label,
    labels.edit_label: label,
    labels.delete_label: label,
    channels.create_channel: edit_channel,
    channels.edit_channel: edit_channel,
    channels.add_identity_key: edit_channel,
    channels.retire_identity_key: edit_channel,
}
# These happen without anybody's doing; the proof that has them.
ELSEWHERE = {
    conversations.record_mailed: "an entry of the log, by mail alone: tests/answers/test_letters.py",
    contacts.let_back_in: "by a mailed link alone: tests/answers/test_return.py",
    fields.forget_role: "with the role that goes: tests/fields/test_fields.py",
}
# These change nothing that anybody is shown.
SILENT = {
    channels.add_picture,
    conversations.require_assignable,
    contacts.authenticate_visitor,
    conversations.decline_rating,
    contacts.contact_details,
    contacts.extend_visits,
    contacts.export_contacts,
    contacts.note_export,
    contacts.preview_import,
    contacts.forget_merges,
}

# Every fact by a case that brings it about, or by the proof that has it.
FACTS: dict[type[Fact], Act | str] = {
    conversation_facts.EntryAdded: post,
    conversation_facts.RowRefreshed: edit_contact,
    conversation_facts.TeamHasSeen: mark_seen,
    conversation_facts.VisitorHasMarked: mark_visitor,
    conversation_facts.VisitorTypes: "a signal, no state: tests/security/test_push_matrix.py",
    conversation_facts.AgentTypes: "a signal, no state: tests/security/test_push_matrix.py",
    contact_facts.VisitorMoved: see_page,
    contact_facts.ContactChanged: edit_contact,
    contact_facts.ContactsImported: import_file,
    contact_facts.IdentityRevoked: recognise,
    contact_facts.VisitorRecognised: recognise,
    article_facts.ArticlesChanged: post_articles,
    channel_facts.ChannelChanged: edit_channel,
    agent_facts.AgentPresenceChanged: presence,
    agent_facts.SessionRevoked: "closes sockets: tests/realtime/test_revocation.py",
    agent_facts.AgentStandingChanged: "closes sockets: tests/realtime/test_revocation.py",
    agent_facts.DirectoryChanged: assign,
    textblock_facts.TextBlocksChanged: "a call to search again: tests/console/test_live.py",
    notification_facts.Mentioned: "a call, no state: tests/notifications/test_mentions.py",
    notification_facts.WaitsTooLong: "a call, no state: tests/notifications/test_waiting.py",
    privacy_facts.ContactErased: "a whole person goes: tests/privacy/test_live.py",
    report_facts.ExportChanged: "told to one agent alone: tests/reports/test_doors.py",
    ticket_facts.TicketChanged: "the console asks for the rest by number: tests/tickets/test_live.py",
    ticket_facts.TicketViewsChanged: "a call to read again: tests/tickets/test_live.py",
    chatlink_facts.ChatLinkCreated: "a call to read again: tests/chatlinks/test_list.py",
    chatlink_facts.ChatLinkRevoked: "a call to read again: tests/chatlinks/test_list.py",
    webhook_facts.WebhooksChanged: "a call to processes, no frame: tests/webhooks/test_sending.py",
    field_facts.FieldsChanged: define_fields,
    label_facts.LabelsChanged: label,
    workspace_facts.HoursChanged: change_hours,
}

# What the same verbs do with files.
MORE = (post_files,)
CASES = sorted(
    {act for act in [*VERBS.values(), *FACTS.values(), *MORE] if callable(act)}, key=lambda act: act.__name__
)


@pytest.mark.parametrize("act", CASES, ids=lambda act: act.__name__)
async def test_frames_are_the_difference(one: Stage, act: Act) -> None:
    cast = one.world
    token = await one.newcomer()
    async with (
        one.visitor(token) as tab,
        one.agent(cast.ada) as console,
        one.console(cast.ben) as ben,
        one.console(cast.sol) as sol,
        one.widget(token) as visitor,
    ):
        await tab.send("hello")
        conversation_id = await one.conversation_of(token)
        await console.open(conversation_id)
        contact_id = console.rows[str(conversation_id)]["contact"]["id"]
        scene = Scene(one, token, conversation_id, contact_id, tab, console, ben, sol, visitor)
        await barrier(tab)
        await barrier(console)
        team, own = await TeamState.read(ben, str(conversation_id)), await VisitorState.read(visitor)
        seen_by_team, seen_by_visitor = len(console.frames), len(tab.frames)
        await act(scene)
        await barrier(console)
        team.compare(await told(scene, team, seen_by_team))
        if tab.closes:
            assert (await visitor.get("/conversation")).status_code == 401
            return
        await barrier(tab)
        for _, frame in tab.frames[seen_by_visitor:]:
            own.apply(frame)
        own.compare(await VisitorState.read(visitor))


async def told(scene: Scene, team: TeamState, since: int) -> TeamState:
    """Apply what the console was told; the truth to hold it against.

    The lease of an agent of an earlier test may end by itself just now: that is told within a round, and waited for.
    """
    console = scene.console
    for _ in range(5):
        for _, frame in console.frames[since:]:
            team.apply(frame)
        since = len(console.frames)
        truth = await TeamState.read(scene.ben, str(scene.conversation_id))
        if "directory" in team.reread or team.online == truth.online:
            break
        await console.until(lambda: len(console.frames) > since)  # noqa: B023 - awaited here
    return truth


async def barrier(client: Client) -> None:
    """Everything pushed until now has arrived: answers keep their place in the queue."""
    refused = [frame for frame in client.of_type("error") if frame["code"] == "already-greeted"]
    await client.say(client.hello())
    await client.until(
        lambda: len([each for each in client.of_type("error") if each["code"] == "already-greeted"]) > len(refused)
    )


def test_every_verb_has_a_case() -> None:
    verbs = {
        verb
        for module in (messages, conversations, contacts, channels, fields, labels)
        for name, verb in inspect.getmembers(module, inspect.isfunction)
        if verb.__module__.startswith(module.__name__)
        and not name.startswith("_")
        and (inspect.iscoroutinefunction(verb) or inspect.isasyncgenfunction(verb))
    }
    assert verbs == VERBS.keys() | SILENT | ELSEWHERE.keys(), "a new verb needs a case here, or a reason to be silent"


def test_every_fact_has_a_case() -> None:
    # Deeds are for the audit log; no frame is made of them.
    known = {kind for kind in Fact.__subclasses__() if kind.__module__.startswith("alongside.")} - {Deed}
    assert known == FACTS.keys(), "a new fact needs a case here"
