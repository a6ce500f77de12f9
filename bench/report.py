"""Figures as a person reads them: tables for the terminal and for bench/results/README.md."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

from bench import upload
from bench.compare import Plan, Round
from bench.conditions import Judged
from bench.curve import Measured
from bench.idle import Weight
from bench.load import Result
from bench.million import Act
from bench.reports import Dashboards, Reported
from bench.rest import Rest
from bench.routing import Day, Pace
from bench.upload import Copied

Table = list[list[str]]


def table(rows: Table) -> str:
    """Markdown; the first row is the head, numbers to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]

    def line(row: Sequence[str]) -> str:
        cells = [
            text.ljust(width) if not n else text.rjust(width)
            for n, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        return f"| {' | '.join(cells)} |"

    rule = "|".join("-" * (width + 2 - bool(n)) + (":" if n else "") for n, width in enumerate(widths))
    return "\n".join([line(rows[0]), f"|{rule}|", *map(line, rows[1:])])


def compared(rounds: Sequence[Round], plan: Plan) -> str:
    """Each figure's median over the rounds, its spread, and the ratio to the floor's."""
    names = list(dict.fromkeys(each.side for each in rounds))
    figures: list[tuple[str, Callable[[Round], float], int]] = [
        (f"messages/s, {plan.senders} senders", lambda r: r.saturated.per_second, 0),
        ("ack p50 ms, saturated", lambda r: r.saturated.times.ack_p50, 1),
        ("server ms of processor per message", lambda r: r.saturated.costs.server_ms, 3),
        ("PostgreSQL ms of processor per message", lambda r: r.saturated.costs.database_ms, 3),
        ("cores that the driver kept busy", lambda r: r.saturated.costs.driver_cores, 2),
        ("cores that other programs kept busy", lambda r: r.saturated.costs.other_cores, 2),
        (f"ack p50 ms, {plan.rate:.0f}/s, {plan.idle} idle", lambda r: r.steady.times.ack_p50, 1),
        ("ack p99 ms", lambda r: r.steady.times.ack_p99, 1),
        ("delivery p50 ms", lambda r: r.steady.times.delivery_p50, 1),
        ("delivery p99 ms", lambda r: r.steady.times.delivery_p99, 1),
        ("cores that other programs kept busy", lambda r: r.steady.costs.other_cores, 2),
    ]
    head = ["median of rounds (lowest-highest)"]
    for name in names:
        head += [name] if name == names[0] else [name, "ratio"]
    rows = [head]
    for title, pick, digits in figures:
        row = [title]
        base = 0.0
        for name in names:
            values = [pick(each) for each in rounds if each.side == name]
            middle = statistics.median(values)
            row.append(f"{middle:,.{digits}f} ({min(values):,.{digits}f}-{max(values):,.{digits}f})")
            if name == names[0]:
                base = middle
            else:
                row.append(f"{middle / base:.2f}" if base else "-")
        rows.append(row)
    return f"{table(rows)}\n\n{_losses(rounds)}"


def _losses(rounds: Sequence[Round]) -> str:
    results: list[Result] = [each for turn in rounds for each in (turn.saturated, turn.steady)]
    sent = sum(each.messages for each in results)
    failed = sum(each.failed for each in results)
    missing = sum(each.missing for each in results)
    return f"Of {sent:,} messages {failed} failed, and {missing} were acknowledged and not delivered."


def idle(weights: Sequence[Weight]) -> str:
    """KiB per idle socket."""
    counts = list(dict.fromkeys(each.sockets for each in weights))
    rows = [["KiB of RSS per idle socket", *(f"{count:,} sockets" for count in counts)]]
    for kind in dict.fromkeys(each.kind for each in weights):
        rows.append([kind, *(f"{each.kib_each:.1f}" for each in weights if each.kind == kind)])
    return table(rows)


def rest(figures: Rest) -> str:
    """Start and memory."""
    everything, server = figures.everything, figures.server
    return table(
        [
            ["a server where nobody is", "figure"],
            [
                "`alongside serve` to the first answer, first start (makes the database), s",
                f"{figures.first_start:.1f}",
            ],
            ["the same, later starts, s", f"{figures.second_start:.1f}"],
            ["memory of everything, shared pages counted once (PSS), MB", f"{everything.pss / 1000:.0f}"],
            [
                f"the same as the sum of RSS of its {figures.processes} processes (shared pages counted in each), MB",
                f"{everything.rss / 1000:.0f}",
            ],
            ["of it the Python process (PSS / RSS), MB", f"{server.pss / 1000:.0f} / {server.rss / 1000:.0f}"],
        ]
    )


def acts(figures: Sequence[Act]) -> str:
    """What agents do, in milliseconds."""
    rows = [["over HTTP, ms", "p50", "p99", "times"]]
    return table(rows + [[each.name, f"{each.p50:.1f}", f"{each.p99:.1f}", str(each.times)] for each in figures])


def copied(rounds: list[Copied], plan: upload.Plan) -> str:
    """Speeds beside the bare copy's, and what it cost."""

    def row(title: str, name: str, bare: str) -> list[str]:
        ours, theirs = upload.middle(rounds, name), upload.middle(rounds, bare)
        return [title, f"{theirs:,.0f}", f"{ours:,.0f}", f"{ours / theirs:.2f}"]

    seconds = upload.middle(rounds, "server_seconds") * 1000 / plan.megabytes
    return (
        table(
            [
                [f"one file of {plan.megabytes} MB, MB/s", "floor", "Alongside", "ratio"],
                row("in, beside the same requests written to files", "upload", "floor"),
                row("in, beside a bare copy without HTTP", "upload", "bare_write"),
                row("out: HTTP, ranges of 4 MiB", "download", "bare_read"),
            ]
        )
        + f"\n\nAn uploaded MB costs the server {seconds:.1f} ms of processor time; its memory grew by "
        f"{max(each.grown_mb for each in rounds):.0f} MB at most."
    )


def reported(files: Sequence[Reported], dashboards: Sequence[Dashboards]) -> str:
    """The report about all conversations beside its floor, and dashboards."""
    rows = [["all conversations as CSV", "lines", "MB", "lines/s", "processor s", "MB of Python before", "at its peak"]]
    for each in files:
        memory = [
            "-" if each.before is None else f"{each.before:.0f}",
            "-" if each.peak is None else f"{each.peak:.0f}",
        ]
        figures = [f"{each.rows:,}", f"{each.megabytes:.1f}", f"{each.rows / each.seconds:,.0f}"]
        rows.append([each.name, *figures, f"{each.processor_seconds:.1f}", *memory])
    told = [["dashboard over", "conversations", "ms", "bare count, ms", "times"]]
    told += [
        [
            f"{each.days} days",
            f"{each.episodes:,}",
            f"{each.milliseconds:,.0f}",
            f"{each.floor:,.0f}",
            f"{each.milliseconds / each.floor:.1f}",
        ]
        for each in dashboards
    ]
    return f"{table(rows)}\n\n{table(told)}"


def routed(day: Day, pace: Pace) -> str:
    """A day through the one decision, and how fast it is."""
    least, median, most = day.loads
    return "\n\n".join(
        (
            table(
                [
                    [f"a day of {day.chats:,} chats with {day.agents} agents", ""],
                    ["chats per agent and hour online (least, median, most)", f"{least}, {median}, {most}"],
                    ["waited in the queue", f"{day.waited:,}"],
                    ["how long (median, p95)", f"{day.wait_median:,.0f} s, {day.wait_p95:,.0f} s"],
                    ["overtaken; above the limit; forgotten", "; ".join(map(str, _wrongs(day)))],
                ]
            ),
            table(
                [
                    ["decisions a second", "", "beside the smallest"],
                    ["the function alone, 50 agents", f"{pace.function:,.0f}", f"`min` {pace.least:,.0f}"],
                    ["whole, committed", f"{pace.whole:,.0f}", f"a bare UPDATE each {pace.update:,.0f}"],
                ]
            ),
        )
    )


def _wrongs(day: Day) -> tuple[int, int, int]:
    return day.order_violations, day.limit_violations, day.left


def curve(figures: Sequence[Measured]) -> str:
    """Cost per message at each point."""
    rows = [["conversations", "consoles", "idle visitors", "messages/s", "server ms", "PostgreSQL ms", "others' cores"]]
    for each in figures:
        point, result = each.point, each.result
        rows.append(
            [
                f"{point.conversations:,}",
                f"{point.consoles}",
                f"{point.visitors:,}",
                f"{result.per_second:,.0f}",
                f"{result.costs.server_ms:.3f}",
                f"{result.costs.database_ms:.3f}",
                f"{result.costs.other_cores:.2f}",
            ]
        )
    return table(rows)


def judged(measured: Sequence[Judged]) -> str:
    """Per language: the conditions of all rules beside the same comparisons written by hand."""
    rows = [["microseconds for 100 rules of 5 conditions", "plain code", "conditions", "ratio", "rules that match"]]
    rows += [
        [each.language, f"{each.plain:.1f}", f"{each.judged:.1f}", f"{each.judged / each.plain:.1f}", str(each.matched)]
        for each in measured
    ]
    return table(rows)
