"""What the documents say is so: links lead somewhere, every dependency has its reason, no private paths."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from alongside.cli.parser import parser
from tools.paths import ROOT

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PRIVATE = re.compile(r"/(?:home|Users)/[a-z]\w*/|/roo" + r"t/\w")
SIZES = {
    "loader": "the button, on every page",
    "beforeFirstMessage": "everything before the first message, once the widget is opened",
}
NOT_TEXT = {".png", ".ico", ".woff2", ".mp3", ".ogg", ".wav", ".jpg", ".webp"}


def tracked(pattern: str = "") -> list[Path]:
    """Files of the repository, those not yet added included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern or "."]
    names = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split("\n")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("page", tracked("*.md"), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = [target.partition("#")[0] for target in LINK.findall(page.read_text())]
    local = [target for target in targets if target and "://" not in target and not target.startswith("mailto:")]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_every_library_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["dependency-groups"]["node"],
    ]
    names = {re.split(r"[\[><=;\s]", line)[0] for line in wanted}
    reasons = (ROOT / "docs/decisions/stack.md").read_text().lower()
    assert sorted(name for name in names if not re.search(rf"\b{re.escape(name)}\b", reasons)) == []


def test_no_reason_is_given_for_a_library_that_is_gone() -> None:
    locked = {package["name"] for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    page = (ROOT / "docs/decisions/stack.md").read_text().partition("## In the browser")[0]
    rows = [row.split("|")[1] for row in page.splitlines() if row.startswith("| ") and "part" not in row]
    named = {name.strip() for row in rows for name in row.split(",")} - {"Python 3.11+", "PostgreSQL 16+"}
    assert sorted(named - locked) == []


def test_no_file_names_a_private_path() -> None:
    texts = [path for path in tracked() if path.suffix not in NOT_TEXT and path.name != "uv.lock"]
    found = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in texts
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if PRIVATE.search(line)
    }
    assert sorted(found) == []


def test_the_architecture_names_what_is_there() -> None:
    named = re.findall(
        r"`((?:alongside|web|tests|contract|bin|tools|docs)/[^`\s]*)`", (ROOT / "ARCHITECTURE.md").read_text()
    )
    assert len(named) > 20
    assert sorted({name for name in named if not (ROOT / name).exists()}) == []


def commands(parser: argparse.ArgumentParser, name: str = "alongside") -> Iterator[tuple[str, list[str]]]:
    """Each command that can be typed, with its options."""
    nested = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in nested:
        for verb, inner in action.choices.items():
            yield from commands(inner, f"{name} {verb}")
    if not nested:
        yield name, [action.option_strings[-1] for action in parser._actions if action.option_strings]


def test_every_command_and_option_is_documented() -> None:
    page = (ROOT / "docs/commands.md").read_text()
    found = list(commands(parser()))
    assert len(found) > 8
    missing = [name for name, _ in found if f"`{name}" not in page]
    missing += [f"{name} {option}" for name, options in found for option in options if f"`{option}" not in page]
    assert [line for line in missing if not line.endswith("--help")] == []


def test_the_readme_tells_what_a_visitor_downloads() -> None:
    sizes = json.loads((ROOT / "web/sizes.json").read_text())
    page = (ROOT / "README.md").read_text()
    told = {name: re.search(rf"\| {row} \| ([\d.]+) KB \|", page) for name, row in SIZES.items()}
    measured = {
        "loader": f"{sizes['loader'] / 1000:.1f}",
        "beforeFirstMessage": f"{sizes['beforeFirstMessage'] / 1000:.0f}",
    }
    assert {name: found and found[1] for name, found in told.items()} == measured, "write these figures into README.md"
    assert f"| {sizes['requests']} |" in page


def test_the_architecture_names_functions_that_are_there() -> None:
    named = re.findall(r"`([\w.]+)`\s+in\s+`([^`\s]+\.(?:py|ts))`", (ROOT / "ARCHITECTURE.md").read_text())
    assert len(named) > 4
    gone = [
        (name, path)
        for name, path in named
        if not all(re.search(rf"\b{part}\b", (ROOT / path).read_text()) for part in name.split("."))
    ]
    assert gone == []
