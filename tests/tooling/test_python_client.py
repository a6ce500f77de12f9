"""The Python client: built, installed, and used against a server."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.harness.stage import Stage
from tools.paths import DEV, ROOT

SCOPES = [
    "read",
    "conversations.reply",
    "conversations.assign",
    "contacts.edit",
    "labels.manage",
    "agents.manage",
    "tickets.read",
    "tickets.manage",
    "chat_links.manage",
]
CLIENT = ROOT / "clients" / "python"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The package as its wheel holds it."""
    folder = tmp_path_factory.mktemp("client")
    uv = shutil.which("uv") or str(DEV / "uv" / "bin" / "uv")
    command = [uv, "build", "--quiet", "--wheel", "--out-dir", str(folder), str(CLIENT)]
    subprocess.run(command, check=True, capture_output=True)
    zipfile.ZipFile(next(folder.glob("*.whl"))).extractall(folder / "installed")
    sys.path.insert(0, str(folder / "installed"))
    import alongside_client

    assert Path(alongside_client.__file__).is_relative_to(folder)
    yield alongside_client
    sys.path.remove(str(folder / "installed"))
    for name in [name for name in sys.modules if name.partition(".")[0] == "alongside_client"]:
        del sys.modules[name]


@pytest.fixture
async def key(one: Stage) -> str:
    """A key that may read and answer."""
    body = {"name": "Client", "scopes": SCOPES}
    async with one.console(one.world.sol) as http:
        secret: str = (await http.post("/api-keys", json=body)).json()["secret"]
    return secret


def test_a_program_lists_answers_and_polls(client: Any, one: Stage, key: str) -> None:
    from alongside_client import shapes

    with client.Alongside(one.node.url, key) as chat:
        found = {row.id: row for row in chat.conversations(folder="all", limit=1)}
        row = found[one.world.conversation_id]
        assert (row.channel.name, row.contact.id) == ("Green Shop", one.world.vera.actor.contact_id)
        known = max(entry.seq for entry in chat.entries(row.id))
        client_id = uuid4()
        posted = chat.send(row.id, "Your parcel is on its way.", client_id=client_id)
        assert chat.send(row.id, "Your parcel is on its way.", client_id=client_id) == posted
        news = list(chat.entries(row.id, after=known))
        assert news == [posted.entry] and isinstance(posted.entry, shapes.MessageEntry)
        changed = chat.change_status(row.id, shapes.ChangeStatus(status="unread"))
        assert changed.row.status == "unread"
        label = chat.create_label(shapes.NewLabel(name=f"L{uuid4().hex[:6]}", colour="green"))
        assert label in chat.list_labels()
        assert chat.delete_label(label.id) is None


def test_what_programs_do_most(client: Any, one: Stage, key: str) -> None:
    """As the client's README shows it."""
    from alongside_client import shapes

    with client.Alongside(one.node.url, key) as chat:
        rows, cursor = chat.changed_conversations()
        assert one.world.conversation_id in {row.id for row in rows}
        chat.send(one.world.conversation_id, "We have it again.")
        rows, cursor = chat.changed_conversations(since=cursor)
        assert one.world.conversation_id in {row.id for row in rows}

        email = f"{uuid4().hex[:8]}@example.com"
        assert chat.list_contacts(email=email).rows == []
        contact_id = chat.create_contact(shapes.NewContact(name="Vera", email=email)).contact.id
        label = chat.create_label(shapes.NewLabel(name=f"L{uuid4().hex[:6]}", colour="green"))
        assert chat.label_contact(contact_id, label.id).contact.label_ids == [label.id]
        ben = one.world.ben.id
        assert chat.assign_contact(contact_id, shapes.ChangeAssignment(agent_id=ben)).contact.agent_id == ben
        assert [row.id for row in chat.list_contacts(email=email).rows] == [contact_id]
        assert contact_id not in {each.contact.id for each in chat.list_active_visitors()}

        role = next(agent.role.id for agent in chat.list_agents() if agent.id == ben)
        walter = shapes.SyncAgent(email=f"w{email}", display_name="Walter", role_id=role)
        made = chat.sync_agent(f"hr-{email}", walter)
        assert made.created and not chat.sync_agent(f"hr-{email}", walter).created
        gone = chat.sync_agent(f"hr-{email}", shapes.SyncAgent(active=False))
        assert (gone.agent.id, gone.agent.active) == (made.agent.id, False)

        vera = one.world.vera.actor.contact_id
        new = shapes.NewChatLink(agent_id=ben, hours=8, origins=["https://crm.example.com"])
        link = chat.make_chat_link(vera, new)
        assert f"/chat/{link.id}#" in link.url
        assert link.id in {each.id for each in chat.list_chat_links(vera)}
        chat.revoke_chat_link(link.id)
        assert link.id not in {each.id for each in chat.list_chat_links(vera)}


def test_refusals_have_their_words(client: Any, one: Stage, key: str) -> None:
    with client.Alongside(one.node.url, key) as chat, pytest.raises(client.ApiError) as refusal:
        chat.list_webhooks()
    assert (refusal.value.status, refusal.value.details) == (403, {"scope": "webhooks.manage"})
    with client.Alongside(one.node.url, "alsk_wrong") as chat, pytest.raises(client.ApiError) as refusal:
        chat.list_labels()
    assert refusal.value.code == "no-such-key"


def test_it_waits_when_it_is_told_to_and_gives_up_when_nobody_answers(client: Any, one: Stage, key: str) -> None:
    slept: list[float] = []
    with client.Alongside(one.node.url, key, sleep=slept.append) as chat:
        answers = [429, 503, 200]

        def respond(request: httpx.Request) -> httpx.Response:
            return httpx.Response(answers.pop(0), headers={"Retry-After": "7"}, json=[])

        chat._http = httpx.Client(base_url="http://server/api/v1", transport=httpx.MockTransport(respond))
        assert chat.list_labels() == []
    assert slept == [7.0, 7.0]
    with client.Alongside("http://127.0.0.1:9", key, sleep=slept.append) as chat, pytest.raises(client.NoAnswer):
        chat.send(one.world.conversation_id, "Hello")
