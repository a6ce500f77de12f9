"""A browser that takes pushes, and its push service on this machine: what arrives is decrypted as a browser would."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from alongside.domains.notifications.logic import packed, unpacked


class Device:
    """A browser. `answer` is what its push service answers from now on."""

    def __init__(self, port: int, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._secret = os.urandom(16)
        self.endpoint = f"http://127.0.0.1:{port}/{name}"
        self.answer = 201
        self.pushes: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.raw: list[bytes] = []

    @property
    def subscription(self) -> dict[str, str]:
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "p256dh": packed(point), "auth": packed(self._secret)}

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """What the service does with a push."""
        self.headers.append(headers)
        self.raw.append(body)
        if self.answer < 300:
            text = http_ece.decrypt(body, private_key=self._key, auth_secret=self._secret, version="aes128gcm")
            self.pushes.append(msgspec.json.decode(text))
        return self.answer


class PushService:
    """The push service of some browsers."""

    def __init__(self) -> None:
        self.devices: dict[str, Device] = {}
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                device = service.devices[self.path.lstrip("/")]
                self.send_response(device.take({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Quietly."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self.server.server_address[1]

    def device(self, name: str) -> Device:
        made = self.devices[name] = Device(self.port, name)
        return made


@contextmanager
def push_service() -> Iterator[PushService]:
    """A push service on a free port of this machine."""
    service = PushService()
    thread = threading.Thread(target=service.server.serve_forever)
    thread.start()
    try:
        yield service
    finally:
        service.server.shutdown()
        thread.join()
        service.server.server_close()


def signer(authorization: str, audience: str) -> dict[str, Any]:
    """What a push's signature says. Raises where it does not hold."""
    scheme, _, rest = authorization.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    point = unpacked(parts["k"], 65)
    assert scheme == "vapid"
    assert point is not None
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    said: dict[str, Any] = jwt.decode(parts["t"], key, algorithms=["ES256"], audience=audience)
    return {**said, "key": parts["k"]}
