"""P51: within 10 s after a console or a widget is lost, however it is lost, nobody takes it for present.

And who only loads the page anew, or is cut off for a moment, never seems to have gone.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import pytest

from alongside.domains.agents.actions.presence import LEASE_SECONDS
from tests.harness.client import Client
from tests.harness.clients import AgentClient, VisitorClient
from tests.harness.proxy import FaultProxy
from tests.harness.stage import Stage
from tests.harness.until import until, within
from tests.world import Colleague

PROMISED_SECONDS = 10.0
# What an agent is cut off for and is not seen to have gone.
HICCUP_SECONDS = 3.0

LEFT = "SELECT extract(epoch FROM lease_until - now())::float8 FROM agent WHERE id = %s"
VISITS = """
SELECT count(*) FROM visit v JOIN identity i USING (contact_id)
WHERE i.secret_hash = sha256(convert_to(%s, 'UTF8')) AND v.online_until > now()
"""


@asynccontextmanager
async def lonely(client: Client) -> AsyncIterator[asyncio.subprocess.Process]:
    """The same socket in a process of its own."""
    url = client.urls[0].replace("http", "ws", 1) + client.door
    headers = [f"{name}={value}" for name, value in client.headers.items()]
    arguments = [url, json.dumps(client.hello()), *headers]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.harness.lonely", *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        while (line := await process.stdout.readline()).strip() not in (b"welcome", b"reset", b"resumed"):
            assert line, "it never got through"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


class Watched:
    """An agent who is online, and what everybody else is told of it."""

    def __init__(self, stage: Stage, who: Colleague, sol: AgentClient, widget: VisitorClient) -> None:
        self.stage, self.who, self.sol, self.widget = stage, who, sol, widget

    @property
    def told(self) -> list[bool]:
        """Online or not, as the console of a colleague was told, in order."""
        frames = self.sol.of_type("agent_presence")
        return [frame["online"] for frame in frames if frame["agent_id"] == str(self.who.id)]

    @property
    def shown(self) -> bool:
        """Whether an open widget shows that somebody is there."""
        frames = self.widget.of_type("availability") or self.widget.of_type("welcome")
        return bool(frames[-1]["availability"]["online"])

    async def until_there(self) -> None:
        await until(lambda: self.told[-1:] == [True] and self.shown, what="they are seen to be there")

    async def until_gone(self) -> None:
        await until(lambda: self.told[-1:] == [False] and not self.shown, what="they are seen to have gone")

    @property
    def until(self) -> datetime:
        """The end of the lease."""
        found: datetime = self.stage.sql("SELECT lease_until FROM agent WHERE id = %s", self.who.id)[0][0]
        return found

    def left(self) -> float:
        """Seconds of the lease."""
        return float(self.stage.sql(LEFT, self.who.id)[0][0])

    def client(self, *urls: str) -> AgentClient:
        return self.stage.agent(self.who, *urls)


@asynccontextmanager
async def watched(stage: Stage) -> AsyncIterator[Watched]:
    """Of all agents only this one wants to be online."""
    stage.sql("UPDATE agent SET wants_online = false")
    who = await stage.hire(["conversations.reply"])
    async with stage.console(who) as http:
        assert (await http.put("/me/online", json={"online": True})).status_code == 200
    async with stage.agent(stage.world.sol) as sol, stage.visitor(None) as widget:
        yield Watched(stage, who, sol, widget)


async def test_a_closed_console(deployed: Stage) -> None:
    async with watched(deployed) as seen:

        async def lost() -> float:
            async with seen.client():
                await seen.until_there()
            began = time.monotonic()
            await seen.until_gone()
            return time.monotonic() - began

        print(f"gone after {await within(PROMISED_SECONDS, lost):.1f} s")


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP], ids=["crash", "sleep"])
async def test_a_crashed_and_a_sleeping_console(one: Stage, blow: signal.Signals) -> None:
    async with watched(one) as seen:

        async def lost() -> float:
            async with lonely(seen.client()) as process:
                await seen.until_there()
                began = time.monotonic()
                process.send_signal(blow)
                await seen.until_gone()
                return time.monotonic() - began

        print(f"gone after {await within(PROMISED_SECONDS, lost):.1f} s")


async def test_a_lost_network(one: Stage) -> None:
    async with watched(one) as seen, FaultProxy(one.node.port) as proxy:

        async def lost() -> float:
            proxy.flow()
            async with seen.client(proxy.url):
                await seen.until_there()
                began = time.monotonic()
                proxy.stall()
                await seen.until_gone()
                took = time.monotonic() - began
                proxy.flow()
                await seen.until_there()  # by the same line, without anybody doing anything
                return took

        print(f"gone after {await within(PROMISED_SECONDS, lost):.1f} s")


async def test_a_killed_server_takes_nobody_along_for_long(fragile: Stage) -> None:
    if len(fragile.nodes) == 1:
        return  # nobody is left to tell
    async with watched(fragile) as seen:
        urls = [node.url for node in fragile.nodes[1:]]
        for client in (seen.sol, seen.widget):
            client.urls[:] = urls
        async with lonely(seen.client(fragile.node.url)):
            await seen.until_there()
            began = time.monotonic()
            fragile.node.kill()
            await seen.until_gone()
            print(f"gone after {time.monotonic() - began:.1f} s")


async def test_a_reload_and_a_moment_without_network_are_not_seen(one: Stage) -> None:
    async with watched(one) as seen, FaultProxy(one.node.port) as proxy:

        async def reloads() -> float:
            async with seen.client():
                await seen.until_there()
                known = len(seen.told)
            began = time.monotonic()
            async with seen.client():
                took = time.monotonic() - began
                assert took >= HICCUP_SECONDS or len(seen.told) == known, "the page was loaded anew"
            return took

        await within(HICCUP_SECONDS, reloads)

        async def is_cut_off() -> float:
            proxy.flow()
            async with seen.client(proxy.url):
                await seen.until_there()
                known = len(seen.told)
                proxy.stall()
                # The line is dead for so long that this much of the lease is gone.
                await until(lambda: seen.left() < LEASE_SECONDS - HICCUP_SECONDS)
                began = time.monotonic()
                proxy.flow()
                await until(lambda: seen.left() > LEASE_SECONDS - HICCUP_SECONDS)
                took = time.monotonic() - began
                assert took >= HICCUP_SECONDS or (len(seen.told) == known and seen.shown)
                return took

        await within(HICCUP_SECONDS, is_cut_off)


async def test_one_of_two_browsers_is_enough(deployed: Stage) -> None:
    async with watched(deployed) as seen, seen.client():
        await seen.until_there()
        async with seen.client():
            pass
        # Beyond what the second one has given: the first one extends it.
        (given,) = seen.stage.sql("SELECT now() + make_interval(secs => %s)", LEASE_SECONDS)[0]
        await until(lambda: seen.until > given)
        assert seen.told == [True]


@pytest.mark.parametrize("way", ["close", "network", "sleep"])
async def test_a_visitor_who_left(one: Stage, way: str) -> None:
    token = await one.newcomer()
    async with one.visitor(token) as tab:
        await tab.send("hello")
    async with FaultProxy(one.node.port) as proxy:

        def there() -> bool:
            return bool(one.sql(VISITS, token)[0][0])

        async def lost() -> float:
            proxy.flow()
            async with lonely(one.visitor(token, proxy.url)) as process:
                await until(there)
                began = time.monotonic()
                if way == "network":
                    proxy.stall()
                else:
                    process.send_signal(signal.SIGSTOP if way == "sleep" else signal.SIGTERM)
                await until(lambda: not there())
                return time.monotonic() - began

        print(f"gone after {await within(PROMISED_SECONDS, lost):.1f} s")
