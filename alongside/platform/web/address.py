"""Where a request comes from, believing only proxies that the operator named."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from litestar.types import Scope

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@lru_cache(maxsize=8)
def _networks(trusted: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(each, strict=False) for each in trusted)


def client_address(scope: Scope, trusted: Sequence[str]) -> str:
    """The client's address. Each hop of `X-Forwarded-For` is believed only if the hop behind it is trusted."""
    peer = (scope.get("client") or ("", 0))[0]
    chain = [hop for hop in _forwarded(scope) if hop]
    while chain and _is_trusted(peer, tuple(trusted)):
        peer = chain.pop()
    return peer


def _is_trusted(address: str, trusted: tuple[str, ...]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in _networks(trusted) if network.version == parsed.version)


def _forwarded(scope: Scope) -> list[str]:
    """All hops in order. A proxy may add a header of its own below one that the client forged."""
    lines = [value.decode("latin-1") for key, value in scope["headers"] if key == b"x-forwarded-for"]
    return [hop.strip() for line in lines for hop in line.split(",")]


def origin_allowed(headers: Mapping[str, str], own_origins: Sequence[str], *, absent: bool) -> bool:
    """Whether a request's `Origin` is one of ours; `absent` is the answer when there is none."""
    origin = headers.get("origin")
    return absent if origin is None else origin in own_origins


def site_of(headers: Mapping[str, str]) -> str | None:
    """The origin of the page that asks, by its `Origin` or, where browsers leave that out, its `Referer`."""
    if origin := headers.get("origin"):
        return origin
    try:
        page = urlsplit(headers.get("referer", ""))
    except ValueError:
        return None
    return f"{page.scheme}://{page.netloc.rpartition('@')[2]}" if page.scheme and page.netloc else None
