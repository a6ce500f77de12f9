"""Load: as much as goes, and a steady rate. The same for every side."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence

import msgspec

from bench.machine import busy_seconds, processor_seconds
from bench.sides import Lane, Watcher

SETTLE_SECONDS = 5.0

_numbers = itertools.count()


class Refused(Exception):
    """The server refused messages: what was measured is how quickly it refuses."""


class Costs(msgspec.Struct, frozen=True):
    """Processor time per acknowledged message, in milliseconds; the cores that the driver and all else kept busy."""

    server_ms: float
    database_ms: float
    driver_cores: float
    other_cores: float


class Times(msgspec.Struct, frozen=True):
    """Milliseconds. Delivery: from the start of the send until the watcher holds the text."""

    ack_p50: float
    ack_p99: float
    delivery_p50: float
    delivery_p99: float


class Result(msgspec.Struct, frozen=True):
    """One measurement.

    `failed` counts texts that every lane was too busy to send, `missing` those acknowledged and never delivered.
    """

    per_second: float
    messages: int
    failed: int
    missing: int
    times: Times
    costs: Costs


class Processes(msgspec.Struct, frozen=True):
    """Whose processor time counts."""

    server: Sequence[int]
    database: Sequence[int]


class Run:
    """Stamps of one measurement, by message number."""

    def __init__(self, lanes: Sequence[Lane], watcher: Watcher, processes: Processes) -> None:
        self.lanes = lanes
        self._first = next(_numbers) * 1_000_000  # no number, and so no client id, is ever used twice
        self.sent: list[float] = []
        self.acks: list[float] = []
        self.failed = 0
        self.unsent = 0
        self.delivered: dict[int, float] = {}
        self._processes = processes
        watcher.on_text = self._on_text

    def start(self) -> None:
        """From here on it counts."""
        self._began = time.perf_counter()
        self._before = self._spent()

    def stop(self) -> None:
        """To here."""
        self._seconds = time.perf_counter() - self._began
        self._after = self._spent()
        self._counted = len(self.acks)

    def send(self, lane: Lane) -> int:
        """Send the next message on a lane."""
        number = len(self.sent)
        self.sent.append(time.perf_counter())
        lane.send(self._first + number)
        return number

    def answered(self, number: int, ok: bool) -> None:
        """The answer to a message is there."""
        if ok:
            self.acks.append((time.perf_counter() - self.sent[number]) * 1000)
        else:
            self.failed += 1

    def _on_text(self, number: int) -> None:
        if number >= self._first:
            self.delivered.setdefault(number - self._first, time.perf_counter())

    async def settle(self) -> None:
        """Wait until what was acknowledged is delivered, for a bounded time."""
        until = time.perf_counter() + SETTLE_SECONDS
        while len(self.acks) + self.failed < len(self.sent) or len(self.delivered) < len(self.acks):
            if time.perf_counter() > until:
                return
            await asyncio.sleep(0.01)

    def result(self) -> Result:
        """What it came to. Raises `Refused` where a message was."""
        if self.failed:
            raise Refused(f"{self.failed:,} of {len(self.sent):,} messages were refused; is a limit still in force?")
        spent = [after - before for before, after in zip(self._before, self._after, strict=True)]
        server, database, driver, everybody = spent
        others = max(0.0, everybody - server - database - driver)
        each = 1000 / max(1, self._counted)
        deliveries = [(at - self.sent[number]) * 1000 for number, at in self.delivered.items()]
        return Result(
            per_second=self._counted / self._seconds,
            messages=self._counted,
            failed=self.unsent,
            missing=max(0, len(self.acks) - len(self.delivered)),
            times=Times(*percentiles(self.acks), *percentiles(deliveries)),
            costs=Costs(server * each, database * each, driver / self._seconds, others / self._seconds),
        )

    def _spent(self) -> tuple[float, float, float, float]:
        return (
            processor_seconds(self._processes.server),
            processor_seconds(self._processes.database),
            time.process_time(),
            busy_seconds(),
        )


def percentiles(values: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th percentile; zeros when nothing was measured."""
    ordered = sorted(values) or [0.0]
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


async def saturate(lanes: Sequence[Lane], watcher: Watcher, processes: Processes, seconds: float) -> Result:
    """Every lane sends its next message as soon as the last is acknowledged."""
    run = Run(lanes, watcher, processes)
    going = True

    def keep_going(lane: Lane) -> None:
        number = run.send(lane)

        def answered(ok: bool) -> None:
            run.answered(number, ok)
            if going:
                keep_going(lane)

        lane.on_answer = answered

    run.start()
    for lane in lanes:
        keep_going(lane)
    await asyncio.sleep(seconds)
    going = False
    run.stop()
    await run.settle()
    return run.result()


async def steady(
    lanes: Sequence[Lane], watcher: Watcher, processes: Processes, per_second: float, seconds: float
) -> Result:
    """A message every 1/`per_second`, on whichever lane waits for nothing, whatever became of the last."""
    run = Run(lanes, watcher, processes)
    loop = asyncio.get_running_loop()
    free = list(lanes)
    done = loop.create_future()
    total = int(per_second * seconds)
    began = loop.time()

    def tick(count: int) -> None:
        if free:
            _send_on(run, free)
        else:
            run.unsent += 1  # every lane still waits: an overloaded server, told as failure
        if count + 1 < total:
            loop.call_at(began + (count + 1) / per_second, tick, count + 1)
        else:
            done.set_result(None)

    run.start()
    tick(0)
    await done
    run.stop()
    await run.settle()
    return run.result()


def _send_on(run: Run, free: list[Lane]) -> None:
    lane = free.pop(0)
    number = run.send(lane)

    def answered(ok: bool) -> None:
        run.answered(number, ok)
        free.append(lane)

    lane.on_answer = answered
