"""What docs/api.md shows works as it stands there, against a server."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
from pathlib import Path

from alongside.domains.integrations.scopes import SCOPES
from tests.harness.stage import Stage
from tests.tooling.test_documents import ROOT

BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
PAGE = (ROOT / "docs/api.md").read_text()


async def test_every_example_of_the_guide_works(one: Stage) -> None:
    token = await one.newcomer()
    async with one.widget(token) as http:
        hello = {"client_id": "0199c0de-0000-7000-8000-0000000000aa", "text": "Hello"}
        assert (await http.post("/conversation/messages", json=hello)).status_code == 201
    async with one.console(one.world.sol) as http:
        made = await http.post("/api-keys", json={"name": "Guide", "scopes": list(SCOPES)})
    async with one.console(one.world.sol) as http:
        role = (await http.post("/roles", json={"name": "Guide", "permissions": ["conversations.reply"]})).json()["id"]
    values = {
        "ROLE": role,
        "ALONGSIDE": one.node.url,
        "KEY": made.json()["secret"],
        "CONVERSATION": str(await one.conversation_of(token)),
        "CONTACT": str(one.world.vera.actor.contact_id),
        "AGENT": str(one.world.ada.id),
        "PATH": os.environ["PATH"],
    }
    examples = BLOCK.findall(PAGE)
    assert len(examples) >= 7
    for example in examples:
        done = await asyncio.to_thread(
            subprocess.run, ["sh", "-c", example], env=values, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"{example}\n{done.stdout}\n{done.stderr}"
        assert isinstance(json.loads(done.stdout), dict | list)
    entries = await asyncio.to_thread(
        one.sql, "SELECT kind, author_kind FROM entry WHERE conversation_id = %s ORDER BY seq", values["CONVERSATION"]
    )
    assert entries == [("message", "visitor"), ("message", "agent"), ("note", "agent")]


def test_the_guide_names_its_own_limits() -> None:
    from alongside.domains.integrations import doorman, logic

    assert f"{doorman.PER_SECOND:.0f} requests a second, and {doorman.AT_ONCE:.0f} at once" in PAGE
    assert f"`{logic.PREFIX}`" in PAGE
    assert Path(ROOT / "docs/webhooks.md").exists()
