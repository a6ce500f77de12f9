"""All conversations of a company with a million messages as a report: lines/s and peak memory, beside a bare COPY of
the same query in PostgreSQL; and what a dashboard takes, beside a bare count over the same rows."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import msgspec

from alongside.domains.reports import figures
from alongside.domains.reports.actions import keep_facts
from alongside.domains.reports.logic import Period, period_of
from alongside.domains.reports.schemas import ReportFilter
from alongside.platform.auth.tokens import csrf_of
from alongside.platform.db import Database
from alongside.platform.events import Announcer
from bench import machine, servers
from bench.cluster import Cluster, Company
from bench.seed import agent_token

# The seeded company's year, and a little more.
DAYS = 410
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """One program's way to all lines. Memory in MB of the Python process: before, and the most it ever had."""

    name: str
    rows: int
    megabytes: float
    seconds: float
    processor_seconds: float
    before: float | None = None
    peak: float | None = None


# What no dashboard can do without: one look at each of its conversations, and three sums.
BARE = """
SELECT count(*), sum(k.visitor_messages + k.agent_messages), avg(k.first_response_at - e.opened_at), avg(k.waited)
FROM episode e JOIN conversation c ON c.id = e.conversation_id
JOIN episode_fact k ON k.conversation_id = e.conversation_id AND k.number = e.number
WHERE e.opened_at >= $1 AND e.opened_at < $2
"""


class Dashboards(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds of a dashboard over so many days, and of `BARE`; how many episodes it tells of."""

    days: int
    episodes: int
    milliseconds: float
    floor: float


async def reports(cluster: Cluster, company: Company) -> tuple[list[Reported], list[Dashboards]]:
    """The floor first, on warm caches as the report after it."""
    today = datetime.now(UTC).date()
    period = period_of(today - timedelta(days=DAYS), today, "UTC")
    await _keep(company)
    await _floor(cluster, company, period)
    floor = await _floor(cluster, company, period)
    with servers.alongside(cluster.data_dir, company.url) as (port, process, _):
        token = agent_token(0)
        headers = {"Cookie": f"__Host-alongside={token}", "X-CSRF-Token": csrf_of(token)}
        async with httpx.AsyncClient(
            base_url=f"http://localhost:{port}/api/v1", headers=headers, timeout=600
        ) as client:
            told = [await _dashboard(client, company, days) for days in (7, 30, DAYS)]
            report = await _report(client, cluster, process.pid, period)
    return [floor, report], told


async def _keep(company: Company) -> None:
    """What the server's own job does every minute, and did after each of a year's messages."""
    database = await Database.connect(company.url, 1, Announcer())
    try:
        while await keep_facts(database, lately=False):
            pass
        async with database.statement() as work:
            await work.run("VACUUM ANALYZE episode_fact")
    finally:
        await database.close()


async def _floor(cluster: Cluster, company: Company, period: Period) -> Reported:
    """The same query, written to CSV by PostgreSQL itself and thrown away by the driver."""
    asked = figures.episodes(period, ReportFilter())
    written = 0

    async def take(part: bytes) -> None:
        nonlocal written
        written += len(part)

    connection = await asyncpg.connect(company.url)
    try:
        used, began = machine.processor_seconds(cluster.processes()), time.perf_counter()
        order = "ORDER BY e.opened_at, e.conversation_id, e.number"
        status = await connection.copy_from_query(f"{asked.sql} {order}", *asked.values, output=take, format="csv")
        took = time.perf_counter() - began
        used = machine.processor_seconds(cluster.processes()) - used
    finally:
        await connection.close()
    return Reported(
        name="PostgreSQL: COPY of the same query",
        rows=int(status.split()[-1]),
        megabytes=written / 1e6,
        seconds=took,
        processor_seconds=used,
    )


async def _report(client: httpx.AsyncClient, cluster: Cluster, pid: int, period: Period) -> Reported:
    pids = [*cluster.processes(), pid]
    before, used, began = _resident(pid), machine.processor_seconds(pids), time.perf_counter()
    rows = written = 0
    query = {"first": str(period.first), "last": str(period.last)}
    async with client.stream("GET", "/reports/conversations", params=query) as answer:
        answer.raise_for_status()
        async for part in answer.aiter_bytes():
            rows += part.count(b"\n")  # a part may end between CR and LF
            written += len(part)
    took = time.perf_counter() - began
    return Reported(
        name="Alongside: CSV over HTTP",
        rows=rows - 1,
        megabytes=written / 1e6,
        seconds=took,
        processor_seconds=machine.processor_seconds([*cluster.processes(), pid]) - used,
        before=before,
        peak=_peak(pid),
    )


async def _dashboard(client: httpx.AsyncClient, company: Company, days: int) -> Dashboards:
    today = datetime.now(UTC).date()
    period = period_of(today - timedelta(days=days - 1), today, "UTC")
    query = {"first": str(period.first), "last": str(period.last)}
    took, floor = [], []
    connection = await asyncpg.connect(company.url)
    try:
        for _ in range(3):
            began = time.perf_counter()
            await connection.fetchrow(BARE, period.begins, period.ends)
            floor.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            answer = await client.get("/reports/dashboard", params=query)
            took.append((time.perf_counter() - began) * 1000)
            answer.raise_for_status()
    finally:
        await connection.close()
    episodes = answer.json()["figures"]["episodes"]
    return Dashboards(days=days, episodes=episodes, milliseconds=sorted(took)[1], floor=sorted(floor)[1])


def _resident(pid: int) -> float:
    return machine.memory([pid]).rss / 1000


def _peak(pid: int) -> float:
    found = PEAK.search(Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1000 if found else 0.0
