"""A caller who hangs up in mid-request is no error of the server."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from tests.harness.nodes import Node


@pytest.fixture
async def node(fresh_database_url: str) -> Node:
    node = Node(fresh_database_url)
    node.start()
    await node.ready()
    return node


async def test_a_request_that_breaks_off_is_not_logged_as_a_mistake(node: Node) -> None:
    address = urlsplit(node.url)
    with socket.create_connection((address.hostname or "", address.port or 0)) as line:
        head = b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        line.sendall(head + b"Content-Length: 100\r\n\r\n{")
    await node.ready()
    await node.terminate()
    assert "request.failed" not in node.log
    node.end()
