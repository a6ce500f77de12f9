"""Sends what is due, in every process. Each webhook has a line of its own: a slow receiver delays nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from functools import partial
from uuid import UUID

import structlog

from alongside.domains.webhooks import actions, logic, queries
from alongside.domains.webhooks.actions import Attempt, Outcome
from alongside.platform.db import Database
from alongside.platform.egress import Egress, NotSent
from alongside.platform.errors import Unavailable

log = structlog.get_logger()

# How often it looks for what other processes left, and for tries whose time has come.
LOOK_SECONDS = 2.0
AT_ONCE = 8
ANSWER_CHARS = 1_000


class Sender:
    """One per process. `run` until cancelled; whatever is under way then is tried again by another process."""

    def __init__(self, database: Database, egress: Egress, console: str, version: str) -> None:
        self._database = database
        self._egress = egress
        self._console = console
        self._agent = f"Alongside/{version}"
        self._bell = asyncio.Event()
        self._anybody = True  # until it has looked
        self._lines: dict[UUID, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Something happened. Where nobody listens this costs nothing."""
        if self._anybody:
            self._bell.set()

    def look_again(self) -> None:
        """Webhooks changed, or something was put in line."""
        self._anybody = True
        self._bell.set()

    async def run(self) -> None:
        """Until cancelled. An outage of the database ends nothing: it is tried again in a moment."""
        try:
            while True:
                self._bell.clear()
                try:
                    await self.look()
                except Unavailable:
                    log.debug("webhooks.skipped", reason="the database is away")
                except Exception:
                    log.exception("webhooks.failed")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._bell.wait(), LOOK_SECONDS)
        finally:
            for line in self._lines.values():
                line.cancel()
            await asyncio.gather(*self._lines.values(), return_exceptions=True)

    async def look(self) -> None:
        """Put facts in line and set the lines going."""
        async with self._database.reading() as reading:
            standing = await queries.standing(reading)
        self._anybody, more = standing.listeners, standing.facts
        while more:
            async with self._database.work() as work:
                more = await actions.put_in_line(work, self._console)
        if not self._anybody:
            return
        async with self._database.reading() as reading:
            due = await queries.due(reading)
        for webhook_id in due:
            if webhook_id not in self._lines:
                line = asyncio.create_task(self._work_off(webhook_id), name="webhook")
                self._lines[webhook_id] = line
                line.add_done_callback(partial(self._ended, webhook_id))

    def _ended(self, webhook_id: UUID, _: asyncio.Task[None]) -> None:
        del self._lines[webhook_id]

    async def _work_off(self, webhook_id: UUID) -> None:
        try:
            while True:
                async with self._database.work() as work:
                    attempts = await actions.claim(work, webhook_id, AT_ONCE)
                if not attempts:
                    return
                await asyncio.gather(*(self._try(attempt) for attempt in attempts))
        except Unavailable:
            log.debug("webhooks.skipped", reason="the database is away")
        except Exception:
            log.exception("webhooks.failed")

    async def _try(self, attempt: Attempt) -> None:
        outcome = await self._send(attempt)
        async with self._database.work() as work:
            off = await actions.finish(work, attempt, outcome, random.random())  # noqa: S311 - no secret
        if off:
            log.warning("webhook.switched-off", webhook_id=attempt.webhook_id, reason=off)

    async def _send(self, attempt: Attempt) -> Outcome:
        began = time.monotonic()
        headers = logic.headers(attempt.event_id, int(time.time()), attempt.body, attempt.keys, self._agent)
        try:
            answer = await self._egress.post(attempt.url, headers, attempt.body.encode())
        except NotSent as refusal:
            return Outcome(status=None, error=refusal.code, answer=None, milliseconds=_since(began))
        ok = 200 <= answer.status < 300
        return Outcome(
            status=answer.status,
            error=None if ok else _why(answer.status),
            answer=answer.body.decode("utf-8", "replace").replace("\x00", "")[:ANSWER_CHARS],
            milliseconds=_since(began),
        )


def _why(status: int) -> str:
    return "redirect" if 300 <= status < 400 else "not-accepted"


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
