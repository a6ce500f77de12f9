"""The one door for requests to addresses that somebody named: webhooks, pushes, the company's sign-in.

A name is resolved once; every address it has is judged; the connection goes to an address that was judged, so that a
name which answers differently the next moment gains nothing. Redirects are answers, never followed. Time and size have
limits.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

import certifi
import httpcore
import msgspec

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
MOST_ANSWER_BYTES = 64 * 1024
MOST_URL_CHARS = 2_000

# What is not the open internet, by IANA's registers of special addresses: written down, because what Python calls
# global differs from version to version. All of IPv6 but what is given out is closed.
_CLOSED_4 = tuple(
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
_GIVEN_OUT_6 = ipaddress.ip_network("2000::/3")
_CLOSED_6 = tuple(ipaddress.ip_network(each) for each in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
# Ways to write an IPv4 address as an IPv6 one. What they lead to is judged, not the wrapping.
_WRAPPED = tuple(ipaddress.ip_network(each) for each in ("::ffff:0:0/96", "::/96", "64:ff9b::/96"))


class NotSent(Exception):
    """Nothing was answered. `code` is for programs, `message` says what happened; neither tells of our own network."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request. Of the answer's body at most `most_bytes` are read; the rest is left where it is."""

    method: str
    url: str
    headers: Mapping[str, str] = {}
    body: bytes | None = None
    most_bytes: int = MOST_ANSWER_BYTES


class Answer(msgspec.Struct, frozen=True):
    """What came back: the status, and the beginning of the body."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks from their CIDR texts. Raises `ValueError` for what is none."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet, and not of this machine, its network, or its cloud's services."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    if any(address in network for network in _WRAPPED):
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in _GIVEN_OUT_6 and not any(address in network for network in _CLOSED_6)


async def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a name, as the machine's resolver gives them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Egress:
    """Sends requests to public addresses, and into `allowed` networks, which the operator named."""

    def __init__(self, allowed: Iterable[str] = (), resolver: Resolve = resolve) -> None:
        self._allowed = networks(allowed)
        self._resolve = resolver

    def checked(self, url: str) -> SplitResult:
        """The parts of an address that may be kept for later. Raises `NotSent` for what can never be called.

        Where a name leads is judged when it is called: it may change any time.
        """
        if len(url) > MOST_URL_CHARS or any(not "!" <= each <= "~" for each in url):
            raise NotSent("url-malformed", "This is no whole address. It should look like https://example.com/hook.")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
            raise NotSent("url-malformed", "This is no whole address. It should look like https://example.com/hook.")
        if parts.username is not None or parts.password is not None:
            raise NotSent("url-with-password", "Leave the name and password out of the address.")
        if parts.scheme == "http" and not self._allowed:
            raise NotSent("url-not-encrypted", "The address must begin with https://, so that nobody can listen.")
        literal = _literal(parts.hostname)
        if literal is not None:
            self._judge([literal], encrypted=parts.scheme == "https")
        return parts

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a body and return what is answered, whatever the status. Raises `NotSent`."""
        return await self.send(Asked(method="POST", url=url, headers=headers, body=body))

    async def send(self, asked: Asked) -> Answer:
        """Send a request and return what is answered, whatever the status. Raises `NotSent`."""
        parts = self.checked(asked.url)
        guard = _Guard(self, encrypted=parts.scheme == "https")
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                async with httpcore.AsyncConnectionPool(
                    ssl_context=ssl_context(), network_backend=guard, http2=False, retries=0
                ) as pool:
                    return await _exchange(pool, asked)
        except (TimeoutError, httpcore.TimeoutException):
            raise NotSent("timeout", f"No whole answer came within {TOTAL_SECONDS:.0f} seconds.") from None
        except (ssl.SSLError, httpcore.ConnectError) as error:
            if isinstance(error, ssl.SSLError) or "certificate" in str(error).lower() or "ssl" in str(error).lower():
                raise NotSent("tls", "No encrypted connection could be made: the certificate does not hold.") from None
            raise NotSent("unreachable", "Nobody answers at this address.") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            raise NotSent("broken", "The connection broke off, or the answer was not HTTP.") from None

    async def addresses(self, host: str, port: int, *, encrypted: bool) -> Sequence[Address]:
        """Every address of a name, each judged. Raises `NotSent` where one of them may not be called."""
        try:
            found = [_parsed(text) for text in await self._resolve(host, port)]
        except (OSError, UnicodeError):
            found = []
        if not found:
            raise NotSent("unknown-host", "There is no such host: its name has no address.")
        self._judge(found, encrypted=encrypted)
        return found

    def _judge(self, found: Sequence[Address], *, encrypted: bool) -> None:
        named = [self._is_named(address) for address in found]
        if not all(is_named or is_public(address) for is_named, address in zip(named, found, strict=True)):
            raise NotSent(
                "address-not-allowed",
                "This host has an address inside a private network, which Alongside does not call. "
                "The operator can allow named networks (egress_networks).",
            )
        if not encrypted and not all(named):
            raise NotSent("url-not-encrypted", "The address must begin with https://, so that nobody can listen.")

    def _is_named(self, address: Address) -> bool:
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self._allowed if network.version == address.version)


class _Guard(httpcore.AsyncNetworkBackend):
    """Opens connections for `httpcore`, to judged addresses only. Names in certificates are still checked by name."""

    def __init__(self, egress: Egress, *, encrypted: bool) -> None:
        self._egress = egress
        self._encrypted = encrypted
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - of the base class
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        last: Exception | None = None
        for address in await self._egress.addresses(host, port, encrypted=self._encrypted):
            try:
                return await self._backend.connect_tcp(str(address), port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last or httpcore.ConnectError("no address")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def _exchange(pool: httpcore.AsyncConnectionPool, asked: Asked) -> Answer:
    timeouts = {"connect": CONNECT_SECONDS, "read": TOTAL_SECONDS, "write": TOTAL_SECONDS, "pool": TOTAL_SECONDS}
    given = {**asked.headers, "Connection": "close"}
    async with pool.stream(
        asked.method, asked.url, headers=list(given.items()), content=asked.body, extensions={"timeout": timeouts}
    ) as response:
        received = bytearray()
        async for part in response.aiter_stream():
            received += part
            if len(received) >= asked.most_bytes:
                break
        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        return Answer(response.status, bytes(received[: asked.most_bytes]), told)


@lru_cache(maxsize=1)
def ssl_context() -> ssl.SSLContext:
    """The machine's own authorities (`SSL_CERT_FILE` among them), and those every browser knows."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _literal(host: str) -> Address | None:
    try:
        return _parsed(host)
    except ValueError:
        return None


def _parsed(text: str) -> Address:
    return ipaddress.ip_address(text.partition("%")[0])
