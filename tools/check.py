"""`bin/check`: everything that must hold before a change lands. All steps run; failures are told at the end.

bin/check                 every step but the long proofs
bin/check --deep          those too
bin/check lint types      only the steps named
bin/check --list          the names and what they run
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tools.paths import DEV, ROOT, WEB

RESULTS = DEV / "check"
FOR_PYTEST = ["--durations=10", "--durations-min=3"]


@dataclass(frozen=True)
class Step:
    """A command that must exit with 0. `tests`: it writes a JUnit file, from which its tests are counted."""

    name: str
    command: Sequence[str]
    folder: Path = ROOT
    tests: bool = False
    deep: bool = False

    @property
    def junit(self) -> Path:
        """Where the step's tests are told one by one."""
        return RESULTS / f"{self.name}.xml"


@dataclass(frozen=True)
class Outcome:
    """How a step went. `passed` and `failed` count its tests; a step without tests counts as one."""

    step: Step
    seconds: float
    exit_code: int
    output: str = ""

    @property
    def ok(self) -> bool:
        """Whether the step holds."""
        return self.exit_code == 0

    def counts(self) -> tuple[int, int]:
        """Tests passed and failed. A step that failed without a failed test counts as one."""
        passed, failed = count_tests(self.step.junit) if self.step.tests else (int(self.ok), 0)
        return passed, max(failed, int(not self.ok))


def pytest(name: str, marks: str, *options: str, deep: bool = False) -> Step:
    """A run of pytest over the tests with these marks."""
    junit = f"--junitxml={RESULTS / name}.xml"
    command = [sys.executable, "-m", "pytest", "-m", marks, junit, *FOR_PYTEST, *options]
    return Step(name, command, tests=True, deep=deep)


def python(name: str, module: str, *arguments: str) -> Step:
    """A run of a Python tool."""
    return Step(name, [sys.executable, "-m", module, *arguments])


PYTHON_STEPS = (
    python("format", "ruff", "format", "--check", "."),
    python("lint", "ruff", "check", "."),
    Step("floors", [str(Path(sys.executable).parent / "lint-imports"), "--no-logo"]),
    python("types", "mypy"),
    python("contract", "tools.contract", "--check"),
)
WEB_STEPS = (
    Step("web-lint", ["npm", "run", "lint", "--silent"], WEB),
    Step("web-types", ["npm", "run", "check", "--silent"], WEB),
    Step(
        "web-tests",
        [
            "npm",
            "test",
            "--silent",
            "--",
            "--reporter=default",
            "--reporter=junit",
            f"--outputFile.junit={RESULTS}/web-tests.xml",
        ],
        WEB,
        tests=True,
    ),
    python("build", "tools.frontends"),
    Step("sizes", ["npm", "run", "sizes", "--silent"], WEB),
)
TEST_STEPS = (
    # Neighbours stay in one process, so that what a module or a stage of servers prepares is prepared once.
    # They wait for processes, leases and sockets as much as they compute.
    pytest("tests", "not browser and not deep", "-n", "3", "--dist", "worksteal"),
    # Each process has a server and a Chromium of its own; the tests of one file stay together.
    pytest("browser", "browser and not deep", "-n", "2", "--dist", "loadfile"),
    pytest("deep", "deep", "--timeout=1800", deep=True),
)
STEPS = (*PYTHON_STEPS, *WEB_STEPS, *TEST_STEPS)
# Two at a time, the longest first. The steps of a lane go one after the other: `sizes` weighs what `build` made.
LANES = (("web-lint",), tuple(step.name for step in PYTHON_STEPS), ("web-types",), ("build", "sizes"), ("web-tests",))


def run_quietly(step: Step) -> Outcome:
    """Run with its output kept, and print one line; the output follows where the step fails."""
    started = time.monotonic()
    done = subprocess.run(
        step.command,
        check=False,
        cwd=step.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return tell(Outcome(step, time.monotonic() - started, done.returncode, done.stdout))


def run_openly(step: Step) -> Outcome:
    """Run with its output on the screen as it comes."""
    print(f"\n{step.name}: {' '.join(step.command[1:])}", flush=True)
    started = time.monotonic()
    with subprocess.Popen(step.command, cwd=step.folder) as process:
        try:
            exit_code = process.wait()
        except KeyboardInterrupt:  # let the tests take down the servers they started
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
            raise
    return tell(Outcome(step, time.monotonic() - started, exit_code))


def tell(outcome: Outcome) -> Outcome:
    """Print a step's line, and what it said where it failed, in one piece."""
    line = f"  {outcome.step.name:<12}{'ok' if outcome.ok else 'FAILED':<8}{outcome.seconds:6.1f} s"
    print("\n".join([line] if outcome.ok else [line, outcome.output.rstrip()]), flush=True)
    return outcome


def in_order(steps: Sequence[Step], run: Callable[[Step], Outcome]) -> list[Outcome]:
    """Run the steps one after the other."""
    return [run(step) for step in steps]


def count_tests(junit: Path) -> tuple[int, int]:
    """Tests passed and failed in a JUnit file; (0, 0) where the run died before writing it."""
    if not junit.exists():
        return (0, 0)
    cases = list(ET.parse(junit).getroot().iter("testcase"))  # noqa: S314 - our own file
    failed = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    skipped = sum(1 for case in cases if case.find("skipped") is not None)
    return len(cases) - failed - skipped, failed


def check(wanted: Sequence[Step]) -> list[Outcome]:
    """The static steps, two lanes at a time, then the tests, which want both cores."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    for old in RESULTS.glob("*.xml"):
        old.unlink()
    lanes = [[step for step in STEPS if step in wanted and step.name in lane] for lane in LANES]
    with ThreadPoolExecutor(max_workers=2) as pool:
        static = [outcome for done in pool.map(lambda lane: in_order(lane, run_quietly), lanes) for outcome in done]
    return static + in_order([step for step in TEST_STEPS if step in wanted], run_openly)


def summarise(outcomes: Sequence[Outcome], seconds: float) -> int:
    """Print what failed and the counts; return the exit code."""
    failed = [outcome.step.name for outcome in outcomes if not outcome.ok]
    print(f"\n{len(outcomes)} steps in {int(seconds // 60)} min {int(seconds % 60)} s.", end=" ")
    print(f"Failed: {', '.join(failed)}. One alone: bin/check {failed[0]}" if failed else "Everything holds.")
    counts = [outcome.counts() for outcome in outcomes]
    print(f"{sum(passed for passed, _ in counts)} passed, {sum(bad for _, bad in counts)} failed", flush=True)
    return 1 if failed else 0


def choose(arguments: argparse.Namespace) -> list[Step]:
    """The steps asked for. Exits with the list of names where one is unknown."""
    by_name = {step.name: step for step in STEPS}
    unknown = [name for name in arguments.names if name not in by_name]
    if unknown:
        raise SystemExit(f"There is no step {', '.join(unknown)}. The steps: {', '.join(by_name)}.")
    if arguments.names:
        return [by_name[name] for name in arguments.names]
    return [step for step in STEPS if arguments.deep or not step.deep]


def stop(_signal: int, _frame: FrameType | None) -> None:
    """Make SIGTERM end a run as Ctrl+C does: the running step is told too."""
    raise KeyboardInterrupt


def main() -> int:
    """Run the steps; return 0 when all hold."""
    parser = argparse.ArgumentParser(prog="bin/check", description="Everything that must hold before a change lands.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these steps")
    parser.add_argument("--deep", action="store_true", help="the long proofs too (about an hour)")
    parser.add_argument("--list", action="store_true", help="print the steps and what they run")
    arguments = parser.parse_args()
    if arguments.list:
        for step in STEPS:
            print(f"{step.name:<12}{'(--deep) ' if step.deep else ''}{' '.join(map(str, step.command))}")
        return 0
    signal.signal(signal.SIGTERM, stop)
    started = time.monotonic()
    try:
        return summarise(check(choose(arguments)), time.monotonic() - started)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
