"""Shapes of passkeys. Bytes travel as base64url without padding, as browsers write them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.agents.schemas import Body, Password
from alongside.domains.agents.sign_in_schemas import Code

BASE64URL = r"^[A-Za-z0-9_-]*$"

Bytes = Annotated[str, Meta(max_length=1_400, pattern=BASE64URL)]
LongBytes = Annotated[str, Meta(max_length=20_000, pattern=BASE64URL)]
PasskeyName = Annotated[str, Meta(max_length=400, pattern=r"^[^\x00]*$")]


class Passkey(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey of the agent who asks. `synced`: its owner's devices share it."""

    id: UUID
    name: str
    synced: bool
    created_at: datetime
    last_used_at: datetime | None


class PasskeyCreation(msgspec.Struct, frozen=True, kw_only=True):
    """What the browser needs to make a passkey. `algorithms` are COSE's; `exclude`: authenticators that have one."""

    challenge: str
    host: str
    company: str
    user_id: str
    email: str
    display_name: str
    algorithms: list[int]
    exclude: list[str]


class PasskeyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the browser needs to have a passkey sign. Without `allow` any passkey for this `host` will do."""

    challenge: str
    host: str
    allow: list[str]


class PasskeyAdded(msgspec.Struct, frozen=True, kw_only=True):
    """The new passkey. Who had no second factor before gets recovery codes, told once."""

    passkey: Passkey
    recovery_codes: list[str]


class SecondWays(msgspec.Struct, frozen=True, kw_only=True):
    """How who has shown their password can go on: by a code of an app, by a passkey. A recovery code always does."""

    app: bool
    passkey: bool


class Proof(Body, frozen=True, kw_only=True):
    """Who one is, proven again: by the password, by a code, or, without either, by having signed in just now."""

    password: Password | None = None
    code: Code | None = None


class NewPasskey(Body, frozen=True, kw_only=True):
    """What the authenticator made."""

    name: PasskeyName
    client_data: LongBytes
    attestation: LongBytes


class RenamePasskey(Body, frozen=True, kw_only=True):
    """What a passkey is called."""

    name: PasskeyName


class SignedByPasskey(Body, frozen=True, kw_only=True):
    """What the authenticator signed."""

    credential_id: Bytes
    client_data: LongBytes
    authenticator_data: LongBytes
    signature: LongBytes
