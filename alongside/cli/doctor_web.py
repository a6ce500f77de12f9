"""The doctor's look from outside: does the server answer at the address that people use, also over a WebSocket?"""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit

from websockets.exceptions import InvalidHandshake, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from alongside.cli.findings import Check, fail, ok, warn
from alongside.platform.config import LOOPBACK_NAMES, Config

TIMEOUT = 10
DETECT: Literal[True] = True  # the proxy that the environment names, if any
SOCKET = "/api/v1/widget/socket"


def check_web(config: Config) -> Iterable[Check]:
    """Each check that needs the running server, from the machine itself to the public address."""
    inside = _inside(config)
    problem = _answers(inside)
    if problem:
        yield fail("server", f"{inside} does not answer ({problem})", "Start it: `alongside serve`.")
    else:
        yield ok("server", f"answers at {inside}")
    problem = _answers(config.public_url)
    if problem:
        advice = "Check the name in the DNS, the certificate and the proxy before Alongside (docs/proxy.md)."
        yield fail("public address", f"{config.public_url} does not lead to Alongside ({problem})", advice)
    else:
        yield ok("public address", f"{config.public_url} leads to Alongside")
        yield _socket(config.public_url)
    yield _cookie(config)
    yield _proxies(config)


def _inside(config: Config) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(config.host, config.host)  # noqa: S104 - compared, not bound
    return f"http://{f'[{host}]' if ':' in host and '[' not in host else host}:{config.port}"


def _answers(base: str) -> str:
    """Empty where Alongside answers at `base`; else what was found instead."""
    request = urllib.request.Request(f"{base}/healthz", headers={"User-Agent": "alongside-doctor"})  # noqa: S310 - http(s), checked in the settings
    try:
        with _opener(base).open(request, timeout=TIMEOUT) as answer:
            told = json.loads(answer.read(1000))
        return "" if told.get("status") == "alive" else "something else answers"
    except urllib.error.HTTPError as error:
        return f"the answer is {error.code}"
    except urllib.error.URLError as error:
        return "its certificate is not valid" if isinstance(error.reason, ssl.SSLError) else str(error.reason)
    except (OSError, ValueError, AttributeError):
        return "no or a strange answer"


def _opener(base: str) -> urllib.request.OpenerDirector:
    """A proxy for outgoing requests is of no use towards this machine."""
    return urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if _local(base) else []))


def _local(base: str) -> bool:
    name = urlsplit(base).hostname or ""
    return name in LOOPBACK_NAMES or name == "::1" or name.endswith(".localhost") or name.startswith("127.")


def _socket(base: str) -> Check:
    advice = "The proxy must pass the headers Upgrade and Connection on (docs/proxy.md)."
    url = base.replace("http", "ws", 1) + SOCKET
    try:
        with connect(url, origin=Origin(base), open_timeout=TIMEOUT, proxy=None if _local(base) else DETECT):
            return ok("socket", f"WebSockets reach Alongside at {base}")
    except InvalidStatus as refusal:
        return fail("socket", f"the upgrade was answered by {refusal.response.status_code}", advice)
    except InvalidHandshake as refusal:
        return fail("socket", f"the upgrade was not understood ({type(refusal).__name__})", advice)
    except (OSError, TimeoutError) as error:
        return fail("socket", f"no connection ({type(error).__name__})", advice)


def _cookie(config: Config) -> Check:
    if config.public_url.startswith("https://"):
        return ok("sign-in", "the session cookie travels encrypted only")
    if _local(config.public_url):
        return ok("sign-in", "possible in browsers on this machine (it has no https, which others need)")
    if config.allow_insecure_http:
        return warn(
            "sign-in",
            "works, but passwords travel readable (allow_insecure_http)",
            "Put a proxy with a certificate before Alongside (docs/proxy.md).",
        )
    return fail(
        "sign-in",
        "browsers keep the session cookie only on https",
        "Put a proxy with a certificate before Alongside and set public_url to its https address (docs/proxy.md).",
    )


def _proxies(config: Config) -> Check:
    if not config.public_url.startswith("https://"):
        return ok("proxy", "none needed")
    if config.trusted_proxies:
        return ok("proxy", f"believed: {', '.join(config.trusted_proxies)}")
    return warn(
        "proxy",
        "no proxy is trusted, so all visitors seem to share one address and one limit",
        "Set trusted_proxies to the proxy's address, for example 127.0.0.1.",
    )
