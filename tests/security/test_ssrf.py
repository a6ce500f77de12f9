"""P26: the server cannot be used to reach inside. Real names, real sockets, a canary that nobody may touch."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from alongside.platform import egress
from alongside.platform.egress import Egress, NotSent

LOOPBACK = ["127.0.0.0/8", "::1"]

INSIDE = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",  # noqa: S104 - not listened on
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2002:5db8:d822::1",
    "2001:0:7f00:1::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
]
OUTSIDE = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"]


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_inside_is_not_public(text: str) -> None:
    assert not egress.is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_an_address_of_the_internet_is(text: str) -> None:
    assert egress.is_public(ipaddress.ip_address(text))


class Canary:
    """A server on loopback that counts who comes, and says what it was told to say."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.visits = 0
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(self.answer)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def canary(
    answer: bytes = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Canary]:
    bird = Canary(answer)
    server = await asyncio.start_server(bird.serve, "127.0.0.1", 0, ssl=tls)
    async with server:
        bird.port = server.sockets[0].getsockname()[1]
        yield bird


def names(*turns: Sequence[str]) -> egress.Resolve:
    """A resolver that answers differently each time it is asked, and at last stays."""
    waiting = list(turns)

    async def resolve(host: str, port: int) -> Sequence[str]:
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return resolve


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[::]",
    ],
)
async def test_nobody_comes_to_the_canary(host: str) -> None:
    async with canary() as bird:
        for scheme in ("http", "https"):
            with pytest.raises(NotSent):
                await Egress().post(f"{scheme}://{host}:{bird.port}/", {}, b"{}")
        # Another network's being allowed opens no way to this one.
        with pytest.raises(NotSent):
            await Egress(["10.9.8.0/24"]).post(f"http://{host}:{bird.port}/", {}, b"{}")
    assert bird.visits == 0


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/hook",
        "example.com",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/",
        "unix:///run/docker.sock",
        "http+unix://%2Frun%2Fdocker.sock/",
        "https://",
        "https:///path",
        "https://user:secret@example.com/",
        "https://example.com@127.0.0.1/",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://example.com/\r\nHost: inside",
        "https://example.com/ä",
        "https://[::1/",
        "https://" + "a" * 2_000,
        "http://example.com/",
    ],
)
def test_what_can_never_be_called_is_refused_before_it_is_kept(url: str) -> None:
    with pytest.raises(NotSent):
        Egress().checked(url)


@pytest.mark.parametrize(("url", "ok"), [("https://example.com/h?x=1", True), ("https://10.0.0.1/", False)])
def test_an_address_is_judged_before_it_is_kept_where_it_is_plain(url: str, ok: bool) -> None:
    if ok:
        assert Egress().checked(url).hostname == "example.com"
    else:
        with pytest.raises(NotSent, match="private network"):
            Egress().checked(url)


async def test_a_name_that_changes_between_check_and_connection_gains_nothing() -> None:
    async with canary() as bird:
        # Public when judged, loopback a moment later: there is no later, it is asked once.
        flipping = names(["203.0.114.1"], ["127.0.0.1"])
        calls: list[str] = []

        async def counting(host: str, port: int) -> Sequence[str]:
            calls.append(host)
            return await flipping(host, port)

        door = Egress(resolver=counting)
        door_seconds, egress.CONNECT_SECONDS = egress.CONNECT_SECONDS, 0.2
        try:
            with pytest.raises(NotSent):
                await door.post(f"https://flip.example:{bird.port}/", {}, b"{}")
        finally:
            egress.CONNECT_SECONDS = door_seconds
        assert calls == ["flip.example"]
        with pytest.raises(NotSent, match="private network"):
            await door.post(f"https://flip.example:{bird.port}/", {}, b"{}")
    assert bird.visits == 0


async def test_one_address_inside_among_others_outside_refuses_all() -> None:
    async with canary() as bird:
        with pytest.raises(NotSent, match="private network"):
            door = Egress(resolver=names(["93.184.216.34", "127.0.0.1"]))
            await door.post(f"https://both.example:{bird.port}/", {}, b"{}")
    assert bird.visits == 0


async def test_the_operator_can_name_networks_and_then_plain_http_is_allowed_there() -> None:
    async with canary() as bird:
        answer = await Egress(LOOPBACK).post(f"http://127.0.0.1:{bird.port}/x", {"X-A": "1"}, b"{}")
        assert (answer.status, answer.body) == (200, b"ok")
        # By name: the connection goes to the address that was judged.
        door = Egress(LOOPBACK, names(["127.0.0.1"]))
        assert (await door.post(f"http://shop.internal:{bird.port}/", {}, b"{}")).status == 200
    assert bird.visits == 2
    with pytest.raises(NotSent, match="https"):
        await Egress(LOOPBACK, names(["93.184.216.34"])).post("http://outside.example/", {}, b"{}")


async def test_a_redirect_is_an_answer_and_nobody_follows_it() -> None:
    async with canary() as inside:
        moved = f"HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:{inside.port}/\r\ncontent-length: 0\r\n\r\n"
        async with canary(moved.encode()) as first:
            answer = await Egress(LOOPBACK).post(f"http://127.0.0.1:{first.port}/", {}, b"{}")
    assert (answer.status, inside.visits) == (307, 0)


async def test_an_endless_answer_is_cut() -> None:
    async with canary(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000) as bird:
        answer = await Egress(LOOPBACK).post(f"http://127.0.0.1:{bird.port}/", {}, b"{}")
    assert len(answer.body) == egress.MOST_ANSWER_BYTES


async def test_an_answer_that_never_ends_in_time_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress, "TOTAL_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NotSent, match="No whole answer"):
        await Egress(LOOPBACK).post(f"http://127.0.0.1:{silent.getsockname()[1]}/", {}, b"{}")


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx"])
async def test_what_is_no_answer_is_told_as_such(answer: bytes) -> None:
    async with canary(answer) as bird:
        with pytest.raises(NotSent) as refusal:
            await Egress(LOOPBACK).post(f"http://127.0.0.1:{bird.port}/", {}, b"{}")
    assert refusal.value.code == "broken"


def certificate(folder: Path) -> ssl.SSLContext:
    """A server's own certificate for `shop.internal`, in `folder`/server.crt."""
    files = {"crt": folder / "server.crt", "key": folder / "server.key"}
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", files["key"], "-out", files["crt"]]
    named = ["-subj", "/CN=shop.internal", "-addext", "subjectAltName=DNS:shop.internal"]
    subprocess.run(["openssl", *made, *named], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files["crt"], files["key"])
    return context


async def test_a_certificate_counts_by_name_and_authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    door = Egress(LOOPBACK, names(["127.0.0.1"]))
    async with canary(tls=certificate(tmp_path)) as bird:
        for trusted, host, told in ((False, "shop.internal", "tls"), (True, "other.internal", "tls")):
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.crt") if trusted else "")
            egress.ssl_context.cache_clear()
            with pytest.raises(NotSent) as refusal:
                await door.post(f"https://{host}:{bird.port}/", {}, b"{}")
            assert refusal.value.code == told
        assert (await door.post(f"https://shop.internal:{bird.port}/", {}, b"{}")).status == 200
    egress.ssl_context.cache_clear()


async def test_nobody_listening_and_no_such_host() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotSent) as refusal:
        await Egress(LOOPBACK).post(f"http://127.0.0.1:{port}/", {}, b"{}")
    assert refusal.value.code == "unreachable"
    with pytest.raises(NotSent) as refusal:
        await Egress(resolver=names([])).post("https://nowhere.invalid/", {}, b"{}")
    assert refusal.value.code == "unknown-host"
