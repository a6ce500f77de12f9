"""bin/check runs everything, counts honestly, and fails when anything fails."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import check
from tools.machine import Machine
from tools.paths import ROOT

GOOD_AND_BAD = "def test_a():\n    pass\n\ndef test_b():\n    assert 1 == 2\n"


def step(name: str, code: str) -> check.Step:
    return check.Step(name, [sys.executable, "-c", code])


def test_a_failed_step_fails_the_whole_and_its_words_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [step("good", ""), step("bad", "print('the reason'); raise SystemExit(3)"), step("after", "")]
    outcomes = check.in_order(steps, check.run_quietly)
    assert check.summarise(outcomes, 61.0) == 1
    said = capsys.readouterr().out
    assert "the reason" in said
    assert "Failed: bad." in said
    assert said.endswith("2 passed, 1 failed\n")


def test_when_all_holds_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.summarise(check.in_order([step("good", "")], check.run_quietly), 1.0) == 0
    assert "Everything holds." in capsys.readouterr().out


def test_tests_are_counted_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "RESULTS", tmp_path)
    (tmp_path / "test_two.py").write_text(GOOD_AND_BAD)
    command = [sys.executable, "-m", "pytest", "--junitxml", str(tmp_path / "two.xml"), "-p", "no:cacheprovider", "."]
    outcome = check.run_openly(check.Step("two", command, tmp_path, tests=True))
    assert outcome.counts() == (1, 1)


def test_a_run_that_dies_before_its_first_test_counts_as_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "RESULTS", tmp_path)
    crashed = check.Step("crashed", [sys.executable, "-c", "raise SystemExit(4)"], tests=True)
    assert check.run_quietly(crashed).counts() == (0, 1)


def test_every_step_before_the_tests_is_in_one_lane() -> None:
    assert sorted(name for lane in check.LANES for name in lane) == sorted(
        step.name for step in (*check.PYTHON_STEPS, *check.WEB_STEPS)
    )


def test_an_unknown_step_is_refused_with_the_list() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.check", "lnt"], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "no step lnt" in done.stderr
    assert "floors" in done.stderr


def test_where_nothing_may_be_installed_the_line_to_type_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(SystemExit, match=r"install .*chromium"):
        Machine().install_package({"apt": "chromium", "brew": "--cask chromium"}, "Chromium")


def test_without_python_the_line_to_type_is_said(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    for name in ("dev", "lib.sh"):
        shutil.copy(ROOT / "bin" / name, tmp_path / "bin" / name)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname"):
        (tools / name).symlink_to(shutil.which(name) or name)
    command = ["/bin/sh", str(tmp_path / "bin" / "dev")]
    done = subprocess.run(command, check=False, env={"PATH": str(tools)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "apt-get install python3" in done.stderr
