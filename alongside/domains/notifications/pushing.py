"""Web Push: the body encrypted for one browser (RFC 8291), the request signed by us (RFC 8292), and sent."""

from __future__ import annotations

import os
import time
from urllib.parse import urlsplit

import http_ece
import jwt
import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from alongside.domains.notifications.logic import Push, packed, unpacked
from alongside.platform.egress import Egress, NotSent

# A push that could not be delivered for so long is of no use any more.
KEEP_SECONDS = 3_600
SIGNED_FOR_SECONDS = 12 * 3_600
GONE = (404, 410)


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that takes pushes: where, and for which keys."""

    endpoint: str
    p256dh: str
    auth: str


class Outcome(msgspec.Struct, frozen=True):
    """What the push service said. `gone`: the browser takes none any more. `again`: later it may work."""

    reason: str = ""
    gone: bool = False
    again: bool = False


def new_key() -> str:
    """A fresh signing key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem.decode()


def public_key(pem: str) -> str:
    """What browsers subscribe with."""
    return packed(_point(_read(pem)))


def is_subscription(p256dh: str, auth: str) -> bool:
    """Whether these are keys for which a push can be encrypted."""
    point = unpacked(p256dh, 65)
    if point is None or unpacked(auth, 16) is None:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return True


async def send(egress: Egress, pem: str, subject: str, device: Device, push: Push) -> Outcome:
    """Send one push. The one place from which pushes leave; `egress` judges where they may go."""
    headers = {
        "Authorization": _authorization(pem, subject, device.endpoint),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEEP_SECONDS),
        "Urgency": "high",
        "Topic": push.tag,
    }
    try:
        answer = await egress.post(device.endpoint, headers, _encrypted(device, msgspec.json.encode(push)))
    except NotSent as problem:
        return Outcome(problem.message, again=problem.code in ("timeout", "unreachable", "broken", "unknown-host"))
    if 200 <= answer.status < 300:
        return Outcome()
    if answer.status in GONE:
        return Outcome("gone", gone=True)
    said = f"The push service answered {answer.status}."
    return Outcome(said, again=answer.status == 429 or answer.status >= 500)


def _encrypted(device: Device, body: bytes) -> bytes:
    point, secret = unpacked(device.p256dh, 65), unpacked(device.auth, 16)
    sealed: bytes = http_ece.encrypt(
        body,
        salt=os.urandom(16),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=point,
        auth_secret=secret,
        version="aes128gcm",
    )
    return sealed


def _authorization(pem: str, subject: str, endpoint: str) -> str:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + SIGNED_FOR_SECONDS,
        "sub": subject,
    }
    key = _read(pem)
    return f"vapid t={jwt.encode(claims, key, 'ES256')}, k={packed(_point(key))}"


def _read(pem: str) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the signing key of pushes is on the curve P-256")
    return key


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
