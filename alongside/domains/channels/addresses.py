"""Addresses of pages that people type. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from alongside.kit.text import clean_line
from alongside.platform.errors import Invalid


def web_address(text: str | None, code: str, example: str) -> str | None:
    """The address, None where nothing was typed. Raises `Invalid` with the code for anything but http and https."""
    if text is None or not text.strip():
        return None
    url = clean_line(text, 2_000)
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in url:
        raise Invalid(code, f"Enter the whole address, for example {example}.")
    return url
