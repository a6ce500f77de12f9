"""An authenticator for tests: makes passkeys and signs with them as a phone does, and as a forger would."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url as text

from alongside.domains.agents import actions
from alongside.domains.agents.actions.sessions import NewSession
from alongside.domains.agents.passkey_schemas import (
    NewPasskey,
    PasskeyAdded,
    PasskeyCreation,
    PasskeyRequest,
    Proof,
    SignedByPasskey,
)
from tests.world import HOME, ORIGIN, PASSWORD, Colleague, World

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40
SECRET = "of this browser"


class Authenticator:
    """Holds one passkey. Attributes may be set to what a broken or dishonest one would say."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.count = 0
        self.origin = ORIGIN
        self.host = ""
        self.flags = PRESENT | VERIFIED

    def make(self, wanted: PasskeyCreation, **lies: Any) -> NewPasskey:
        """Answer `navigator.credentials.create()`."""
        numbers = self._key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        data = self._data(wanted.host, HAS_KEY) + bytes(16) + struct.pack(">H", len(self.credential_id))
        attested = {"fmt": "none", "attStmt": {}, "authData": data + self.credential_id + cbor2.dumps(key)}
        return NewPasskey(
            name=lies.pop("name", "Phone"),
            client_data=text(self._client("webauthn.create", wanted.challenge, lies)),
            attestation=text(cbor2.dumps(attested)),
        )

    def sign(self, asked: PasskeyRequest, **lies: Any) -> SignedByPasskey:
        """Answer `navigator.credentials.get()`."""
        self.count += 1
        data = self._data(asked.host)
        client = self._client("webauthn.get", asked.challenge, lies)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return SignedByPasskey(
            credential_id=text(self.credential_id),
            client_data=text(client),
            authenticator_data=text(data),
            signature=text(signature),
        )

    def _data(self, host: str, more: int = 0) -> bytes:
        hashed = hashlib.sha256((self.host or host).encode()).digest()
        return hashed + struct.pack(">BI", self.flags | more, self.count)

    def _client(self, kind: str, challenge: str, lies: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False} | lies
        return json.dumps(said).encode()


async def add(world: World, who: Colleague, name: str = "Phone") -> tuple[Authenticator, PasskeyAdded]:
    """This colleague has a passkey from now on."""
    authenticator = Authenticator()
    wanted = await actions.begin_passkey(world.database, world.config, who.actor, Proof(password=PASSWORD))
    made = authenticator.make(wanted, name=name)
    return authenticator, await actions.add_passkey(world.database, world.config, who.actor, made)


async def sign_in_with(world: World, authenticator: Authenticator) -> NewSession:
    """Sign in with it, in the browser of `SECRET`."""
    asked = await actions.begin_passkey_sign_in(world.database, world.config, SECRET, HOME)
    return await bring(world, authenticator.sign(asked))


async def bring(world: World, answer: SignedByPasskey, secret: str | None = SECRET) -> NewSession:
    """Bring the answer to what a browser was asked."""
    return await actions.sign_in_by_passkey(world.database, world.config, secret, answer, HOME)
