"""The TypeScript shapes say what the server says: names, what may be missing, and frames nobody handles."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from tools.contract import shapes, typescript
from tools.paths import GENERATED_TS, WEB

TSC = WEB / "node_modules" / "typescript" / "bin" / "tsc"
COLOURS = Literal["red", "green"]


class Inner(msgspec.Struct, frozen=True):
    """An inner shape."""

    name: str | None = None


class Told(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="told"):
    """What a server tells.

    In two paragraphs.
    """

    colour: COLOURS | None
    inner: list[Inner]
    many: dict[str, list[int | str]]
    left_out: int | msgspec.UnsetType = msgspec.UNSET
    with_default: bool = True


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a client sends."""

    text: str
    loud: bool = False


@pytest.fixture
def rendered() -> str:
    found = shapes.Shapes([Inner, Told, Asked], [shapes.Alias("tooling", "Colour", COLOURS)])
    return typescript.render(found)


def interface(source: str, name: str) -> str:
    found = re.search(rf"export interface {name} {{\n(.*?)\n?}}\n", source, re.DOTALL)
    assert found, f"no interface {name}"
    return found[1]


def test_what_the_server_tells_is_always_there_unless_unset(rendered: str) -> None:
    assert interface(rendered, "Told").splitlines() == [
        '  type: "told";',
        "  colour: Colour | null;",
        "  inner: Inner[];",
        "  many: Record<string, (number | string)[]>;",
        "  left_out?: number;",
        "  with_default: boolean;",
    ]
    assert interface(rendered, "Inner") == "  name: string | null;"


def test_a_client_may_leave_out_what_has_a_default(rendered: str) -> None:
    assert interface(rendered, "Asked").splitlines() == ["  text: string;", "  loud?: boolean;"]


def test_docstrings_become_tsdoc(rendered: str) -> None:
    assert "/** An inner shape. */\nexport interface Inner" in rendered
    assert "/**\n * What a server tells.\n *\n * In two paragraphs.\n */\nexport interface Told" in rendered


def test_every_shape_of_the_product_has_one_name() -> None:
    found = shapes.collect()
    names = list(found.names.values()) + [alias.name for alias in found.aliases]
    assert len(names) == len(set(names))
    assert {"ConsoleHello", "WidgetHello", "ConversationRow", "ConsoleFrame", "WidgetFrame"} <= set(names)


def handler(source: str, without: str) -> str:
    """A client that handles every frame of the agents' socket but one."""
    union = re.search(r"export type ConsoleFrame =\n(.*?);", source, re.DOTALL)
    assert union
    members = re.findall(r"\| (\w+)", union[1])
    tags = [re.search(r'type: "(\w+)"', interface(source, member)) for member in members]
    cases = "".join(f'    case "{tag[1]}": return 1;\n' for tag in tags if tag and tag[1] != without)
    return (
        'import type { ConsoleFrame } from "./generated";\n'
        f"export function apply(frame: ConsoleFrame): number {{\n  switch (frame.type) {{\n{cases}"
        "    default: { const unknown: never = frame; return unknown; }\n  }\n}\n"
    )


@pytest.mark.parametrize(("without", "compiles"), [("", True), ("row", False)])
def test_a_frame_that_a_client_forgets_does_not_compile(tmp_path: Path, without: str, compiles: bool) -> None:
    source = GENERATED_TS.read_text()
    (tmp_path / "generated.ts").write_text(source)
    (tmp_path / "client.ts").write_text(handler(source, without))
    command = ["node", str(TSC), "--noEmit", "--strict", "--ignoreConfig", str(tmp_path / "client.ts")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode == 0) is compiles, done.stdout
    assert compiles or "ConsoleRowChanged" in done.stdout
