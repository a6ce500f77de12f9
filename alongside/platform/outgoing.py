"""Asking other servers that the operator named in the settings. The one place from which such requests leave.

No redirect is followed, an answer has a bounded size and time, and what went wrong is one kind of error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

SECONDS = 10.0
MOST_BYTES = 1_000_000


class NoAnswer(Exception):
    """The other server could not be reached, refused, or did not answer in JSON. The text is for the log."""


async def ask_json(
    method: str, url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The JSON object that another server answers with. Raises `NoAnswer`; never shows what was sent."""
    try:
        async with (
            httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream(
                method, url, data=form, headers=dict(headers or {}) | {"Accept": "application/json"}
            ) as answer,
        ):
            body = b""
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise NoAnswer(f"{_place(url)} answered with more than {MOST_BYTES} bytes")
            if answer.status_code != 200:
                raise NoAnswer(f"{_place(url)} answered {answer.status_code}")
            return msgspec.json.decode(body, type=dict[str, Any])
    except (httpx.HTTPError, httpx.InvalidURL, msgspec.DecodeError) as error:
        raise NoAnswer(f"{_place(url)}: {type(error).__name__}") from None


def _place(url: str) -> str:
    return url.partition("?")[0]
