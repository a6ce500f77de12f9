"""`bin/bench`: measure. Without names everything is measured, which takes about twelve minutes.

compare     messages/s, acknowledgement and delivery, beside the floor
idle        KiB per idle socket
rest        start and memory of a server where nobody is
million     what agents do in a company with a million messages
textblocks  a search among ten thousand text blocks, letter by letter
conditions  a set of a hundred rules judged, in both languages, beside plain code
upload      a large file in and out, beside a bare copy
routing     a day of 10,000 chats with 50 agents through the one decision; decisions a second
reports     all conversations of a company with a million messages as CSV, beside a bare COPY; dashboards
curve       cost per message against conversations, consoles and idle visitors
"""

from __future__ import annotations

import argparse
import gc
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import uvloop

from bench import compare, conditions, curve, idle, machine, million, report, reports, rest, routing, upload
from bench import textblocks as blocks
from bench.cluster import Cluster, Company, cluster
from bench.seed import Size

RESULTS = Path(__file__).parent / "results"


NAMES = ("rest", "idle", "compare", "million", "textblocks", "conditions", "routing", "reports", "curve", "upload")

README_HEAD = """\
# Results

Written by `bin/bench`; [docs/performance.md](../../docs/performance.md) says what each number means. Two cores, the
driver on the same machine, the embedded PostgreSQL as delivered (fsync on), limits of messages lifted.
"""


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """How much of everything. `QUICK` only shows that the programs run."""

    plan: compare.Plan
    small: Size
    large: Size
    idle_counts: tuple[int, ...]
    settle: float
    starts: int
    times: int
    text_blocks: int
    judgements: int
    consoles: tuple[int, ...]
    visitors: tuple[int, ...]
    curve_seconds: float
    upload: upload.Plan
    chats: int
    decisions: int


FULL = Scale(
    plan=compare.Plan(),
    small=Size(2_200, 44_000),
    large=Size(50_000, 1_000_000),
    idle_counts=(500, 2_000),
    settle=idle.SETTLE_SECONDS,
    starts=3,
    times=300,
    text_blocks=10_000,
    judgements=2_000,
    consoles=(1, 10, 50),
    visitors=(0, 500, 2_000),
    curve_seconds=6.0,
    upload=upload.Plan(),
    chats=10_000,
    decisions=2_000,
)
QUICK = Scale(
    plan=compare.Plan(rounds=1, seconds=0.5, steady_seconds=0.5, warm_seconds=0.2, senders=4, idle=5),
    small=Size(60, 600, channels=2, agents=3),
    large=Size(120, 1_500, channels=2, agents=3),
    idle_counts=(5,),
    settle=0.1,
    starts=1,
    times=3,
    text_blocks=50,
    judgements=5,
    consoles=(2,),
    visitors=(5,),
    curve_seconds=0.3,
    upload=upload.Plan(megabytes=2, rounds=1),
    chats=200,
    decisions=10,
)


class Bench:
    """One run: measures what is asked for, and keeps what it has seeded."""

    def __init__(self, cluster: Cluster, scale: Scale, results: Path) -> None:
        self._cluster = cluster
        self._scale = scale
        self._results = results
        self._companies: dict[str, Company] = {}

    async def run(self, name: str) -> None:
        """Measure, print, and write down."""
        began = machine.load_average()
        figures, text = await getattr(self, name)()
        text = f"{text}\n\nLoad average of the machine: {began:.1f} before, {machine.load_average():.1f} after.\n"
        print(f"\n## {name}\n\n{text}", flush=True)
        self._results.mkdir(exist_ok=True)
        kept = {"date": datetime.now(UTC).date(), "text": text, "figures": figures}
        (self._results / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(kept)) + b"\n")
        self._write_readme()

    def _write_readme(self) -> None:
        """All that is in the folder, from this run and earlier ones, for people."""
        parts = [README_HEAD]
        for name in NAMES:
            path = self._results / f"{name}.json"
            if path.exists():
                kept = msgspec.json.decode(path.read_bytes())
                parts.append(f"## {name}, {kept['date']}\n\n{kept['text']}")
        (self._results / "README.md").write_text("\n".join(parts))

    async def compare(self) -> tuple[Any, str]:
        """Beside the floor."""
        company, floor = await self._company("small"), await self._cluster.empty("floor")
        rounds = await compare.compare(self._cluster, company, floor, self._scale.plan)
        return rounds, report.compared(rounds, self._scale.plan)

    async def idle(self) -> tuple[Any, str]:
        """Idle sockets."""
        company, floor = await self._company("small"), await self._cluster.empty("floor_idle")
        scale = self._scale
        weights = await idle.measure(self._cluster.data_dir, company.url, floor, scale.idle_counts, scale.settle)
        return weights, report.idle(weights)

    async def rest(self) -> tuple[Any, str]:
        """An empty server."""
        figures = await rest.measure(self._scale.starts, min(self._scale.settle, rest.SETTLE_SECONDS))
        return figures, report.rest(figures)

    async def million(self) -> tuple[Any, str]:
        """A large company."""
        acts = await million.million(self._cluster, await self._company("large"), self._scale.times)
        return acts, report.acts(acts)

    async def textblocks(self) -> tuple[Any, str]:
        """Ten thousand text blocks."""
        company, scale = await self._company("small"), self._scale
        acts = await blocks.textblocks(self._cluster, company, scale.text_blocks, scale.times)
        return acts, report.acts(acts)

    async def conditions(self) -> tuple[Any, str]:
        """A hundred rules."""
        judged = conditions.measure(self._scale.judgements)
        return judged, report.judged(judged)

    async def routing(self) -> tuple[Any, str]:
        """A day of chats, and how fast each is decided."""
        spent = routing.day(self._scale.chats, 50)
        pace = await routing.pace((await self._company("small")).url, self._scale.decisions, 50)
        return [spent, pace], report.routed(spent, pace)

    async def reports(self) -> tuple[Any, str]:
        """All conversations as a file."""
        files, dashboards = await reports.reports(self._cluster, await self._company("large"))
        return [files, dashboards], report.reported(files, dashboards)

    async def curve(self) -> tuple[Any, str]:
        """Cost per message."""
        scale = self._scale
        companies = {
            scale.small.conversations: await self._company("small"),
            scale.large.conversations: await self._company("large"),
        }
        wanted = curve.points(scale.small.conversations, scale.large.conversations, scale.consoles, scale.visitors)
        measured = await curve.curve(self._cluster, companies, wanted, scale.curve_seconds)
        return measured, report.curve(measured)

    async def upload(self) -> tuple[Any, str]:
        """A large file."""
        plan = self._scale.upload
        rounds = await upload.measure(self._cluster, await self._company("small"), plan)
        return rounds, report.copied(rounds, plan)

    async def _company(self, name: str) -> Company:
        if name not in self._companies:
            size: Size = getattr(self._scale, name)
            print(f"· seeding {size.messages:,} messages in {size.conversations:,} conversations", flush=True)
            self._companies[name] = await self._cluster.company(name, size)
        return self._companies[name]


async def run(names: list[str], scale: Scale, results: Path) -> None:
    """Measure one after the other."""
    gc.disable()  # the driver's own pauses would be counted as the server's
    with cluster() as opened:
        bench = Bench(opened, scale, results)
        for name in names:
            await bench.run(name)
            gc.collect()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="bin/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    parser.add_argument(
        "--quick", action="store_true", help="tiny sizes: shows that the programs run, measures nothing"
    )
    parser.add_argument("--results", type=Path, help="folder for the figures; with --quick none are kept without it")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(NAMES)}")
    print(
        "Limits of messages and visitors are lifted for the run; fsync and all else of the embedded PostgreSQL is as "
        "delivered. The driver runs on the same machine.",
        flush=True,
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what was started is taken down
    with tempfile.TemporaryDirectory() as nowhere:
        # A tiny run must not stand in the repository as if it had measured something.
        results = chosen.results or (Path(nowhere) if chosen.quick else RESULTS)
        uvloop.run(run(chosen.names or list(NAMES), QUICK if chosen.quick else FULL, results))


if __name__ == "__main__":
    main()
