"""The console's API without a browser, to set a scene."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx

from tests.agents.authenticator import App
from tests.e2e.cast import ADMIN, PASSWORD


class Api:
    """Somebody signed in. The cookie is sent by hand: it is for secure contexts, as browsers hold localhost to be."""

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

    def raw(self, path: str) -> bytes:
        """A file."""
        answer = self._client.get(path)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.content

    def channel(self, name: str, origins: list[str] | None = None, **settings: Any) -> dict[str, Any]:
        """A new channel; without origins any site may show it."""
        body = {"name": name, "allowed_origins": origins or [], "settings": settings}
        made: dict[str, Any] = self("POST", "/channels", body)
        return made

    def conversation(self, name: str, text: str, channel: str = "demo", stars: int | None = None) -> dict[str, Any]:
        """Of a new visitor who is called so and wrote this: its row of the inbox. With stars it is Done and rated."""
        url = str(self._client.base_url).removesuffix("/api/v1/")
        token = self.visitor(url, {"channel": channel, "claims": {"name": name}})
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=f"{url}/api/v1/widget", headers=headers, timeout=30) as visitor:
            message = {"client_id": str(uuid4()), "text": text}
            visitor.post("/conversation/messages", json=message).raise_for_status()
            row: dict[str, Any] = self("GET", f"/conversations?folder=all&search={quote(name)}")["rows"][0]
            if stars is not None:
                self("PUT", f"/conversations/{row['id']}/status", {"status": "done"})
                visitor.put("/rating", json={"episode": 1, "stars": stars}).raise_for_status()
        return row

    def agent(self, name: str) -> str:
        """A new agent with the usual password; their e-mail address."""
        role = next(one["id"] for one in self("GET", "/roles") if one["name"] != "Admin")
        email = f"{name.lower().replace(' ', '.')}.{uuid4().hex[:6]}@fernwood.example"
        self("POST", "/agents", {"email": email, "display_name": name, "password": PASSWORD, "role_id": role})
        return email

    def agent_with_second_factor(self, name: str) -> str:
        """A new agent whose second factor nobody holds; their e-mail address."""
        email = self.agent(name)
        mine = Api(str(self._client.base_url).removesuffix("/api/v1/"), email)
        app = App(mine("POST", "/me/second-factor", {"password": PASSWORD})["secret"])
        mine("POST", "/me/second-factor/confirm", {"code": app.code()})
        mine.close()
        return email

    @staticmethod
    def visitor(url: str, body: dict[str, Any]) -> str:
        """The token of a new visitor; `body` is what a widget would send."""
        answer = httpx.post(f"{url}/api/v1/widget/visitors", json=body, timeout=30)
        assert answer.is_success, answer.text
        token: str = answer.json()["token"]
        return token

    def close(self) -> None:
        """Hang up."""
        self._client.close()
