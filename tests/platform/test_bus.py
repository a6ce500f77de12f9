"""The bus whose server is not there: one line that says so, and quiet until it comes."""

from __future__ import annotations

from structlog.testing import capture_logs

from alongside.platform.realtime.hub import Hub
from alongside.platform.realtime.nats import NatsBus
from tests.harness.ports import free_port


async def test_a_server_that_is_not_there_is_told_once_without_its_token() -> None:
    address = f"127.0.0.1:{free_port()}"
    bus = NatsBus(Hub(), lambda: None)
    with capture_logs() as lines:
        await bus.start(f"nats://geheim@{address}")  # gives up waiting after several tries
    await bus.stop()
    assert [line.get("address") for line in lines] == [address]
    assert "nats_url" in lines[0]["advice"]
    assert "geheim" not in str(lines)
