"""The programs of bench/ run, on sizes at which they measure nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tools.paths import ROOT

# Whichever comes first in a test process waits for the run of everything.
pytestmark = pytest.mark.timeout(600)

NAMES = ("rest", "idle", "compare", "million", "textblocks", "conditions", "routing", "reports", "curve", "upload")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a quick run of everything has written."""
    folder = tmp_path_factory.mktemp("results")
    command = [sys.executable, "-m", "bench", "--quick", "--results", str(folder)]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def figures(results: Path, name: str) -> Any:
    return msgspec.json.decode((results / f"{name}.json").read_bytes())["figures"]


def test_everything_is_measured_and_told(results: Path) -> None:
    told = (results / "README.md").read_text()
    for name in NAMES:
        assert f"## {name}" in told
        assert figures(results, name)


def test_both_programs_deliver_what_they_acknowledge(results: Path) -> None:
    rounds = figures(results, "compare")
    assert isinstance(rounds, list)
    assert {each["side"] for each in rounds} == {"floor", "alongside, socket", "alongside, http"}
    for each in rounds:
        for measured in (each["saturated"], each["steady"]):
            assert measured["messages"] > 0
            assert measured["missing"] == 0


@pytest.mark.parametrize("name", ["million", "textblocks"])
def test_every_act_of_an_agent_is_timed(results: Path, name: str) -> None:
    acts = figures(results, name)
    assert isinstance(acts, list)
    assert all(0 < each["p50"] <= each["p99"] for each in acts)


def test_both_languages_judge_the_same_rules(results: Path) -> None:
    server, browser = figures(results, "conditions")
    assert server["matched"] == browser["matched"] > 0
    assert all(each["judged"] > 0 and each["plain"] > 0 for each in (server, browser))


def test_the_report_and_its_floor_tell_of_the_same_conversations(results: Path) -> None:
    files, dashboards = figures(results, "reports")
    assert {each["rows"] for each in files} == {dashboards[-1]["episodes"]} != {0}
    assert all(each["floor"] > 0 and each["milliseconds"] > 0 for each in dashboards)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "nothing"], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert all(name in done.stderr for name in NAMES)
