"""Requests: a key in the header, shapes out and in, patience where the server asks for it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import httpx
import msgspec

TRIES = 4
LONGEST_WAIT_SECONDS = 60.0
# Sent again by itself: reading, and what the server says it did not do (429, 503).
SAFE = frozenset({"GET", "HEAD"})


class ApiError(Exception):
    """The server refused. `code` is for programs, `message` for people; `details` is what it may tell besides."""

    def __init__(self, status: int, code: str, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{message} ({status} {code})")
        self.status = status
        self.code = code
        self.message = message
        self.details = details or {}


class NoAnswer(Exception):
    """The server could not be reached. A change may have been made: send it again with the same `client_id`."""


class _Problem(msgspec.Struct):
    code: str = "unknown"
    message: str = ""
    details: dict[str, Any] | None = None


class Transport:
    """One connection pool. Close it, or use it in a `with` statement."""

    def __init__(self, url: str, key: str, *, timeout: float = 30.0, sleep: Any = time.sleep) -> None:
        self._http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1",
            headers={"Authorization": f"Bearer {key}", "User-Agent": "alongside-client"},
            timeout=timeout,
        )
        self._sleep = sleep

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def call(
        self,
        method: str,
        path: str,
        gives: Any,
        query: Mapping[str, Any] | None = None,
        *,
        body: Any = None,
        file: bytes | None = None,
    ) -> Any:
        """Send one request. Raises `ApiError` when the server refuses, `NoAnswer` when nobody answers."""
        given: dict[str, Any] = {"params": _told(query or {})}
        if file is not None:
            given["files"] = {"file": file}
        elif body is not None:
            given |= {"content": msgspec.json.encode(body), "headers": {"Content-Type": "application/json"}}
        answer = self._patiently(method, path, given)
        if answer.status_code >= 400:
            raise _refusal(answer)
        if gives is bytes:
            return answer.content
        return None if gives is None else msgspec.json.decode(answer.content, type=gives)

    def _patiently(self, method: str, path: str, given: dict[str, Any]) -> httpx.Response:
        for left in range(TRIES - 1, -1, -1):
            try:
                answer = self._http.request(method, path, **given)
            except httpx.TransportError as error:
                if method not in SAFE or not left:
                    raise NoAnswer(str(error)) from error
                self._sleep(1.0)
                continue
            if answer.status_code not in (429, 503) or not left:
                return answer
            self._sleep(min(float(answer.headers.get("Retry-After", 1)), LONGEST_WAIT_SECONDS))
        raise AssertionError("the last try returns or raises")


def _told(query: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _word(value) for name, value in query.items() if value is not None}


def _word(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, list):
        return [_word(each) for each in value]
    return str(value) if isinstance(value, UUID) else value


def _refusal(answer: httpx.Response) -> ApiError:
    try:
        problem = msgspec.json.decode(answer.content, type=_Problem)
    except msgspec.DecodeError:
        problem = _Problem(message=answer.reason_phrase)
    return ApiError(answer.status_code, problem.code, problem.message, problem.details)
