"""The console's API without a browser, to set a scene."""

from __future__ import annotations

from typing import Any

import httpx

from tests.e2e.cast import ADMIN, PASSWORD


class Api:
    """Somebody signed in. The cookie is sent by hand: it is only for secure contexts, which browsers hold localhost for."""

    def __init__(self, url: str, email: str = ADMIN, password: str = PASSWORD) -> None:
        self._client = httpx.Client(base_url=f"{url}/api/v1", timeout=30)
        answer = self._client.post("/session", json={"email": email, "password": password})
        answer.raise_for_status()
        cookie = answer.headers["set-cookie"].partition(";")[0]
        self._client.cookies.clear()
        self._client.headers.update({"Cookie": cookie, "X-CSRF-Token": answer.json()["csrf"]})
        self.me: dict[str, Any] = answer.json()["me"]

    def __call__(self, method: str, path: str, body: object = None) -> Any:
        answer = self._client.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def channel(self, name: str, origins: list[str] | None = None, **settings: Any) -> dict[str, Any]:
        """A new channel; without origins any site may show it."""
        body = {"name": name, "allowed_origins": origins or [], "settings": settings}
        made: dict[str, Any] = self("POST", "/channels", body)
        return made

    def close(self) -> None:
        """Hang up."""
        self._client.close()
