"""Passkeys (WebAuthn): at which address they hold, and whether what an authenticator answered is true. Pure.

Authenticators must have recognised their owner (user verification), by a finger, a face or a PIN: a passkey is two
factors. Who built the authenticator is not asked (attestation).
"""

from __future__ import annotations

import binascii
import ipaddress
import struct
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    CredentialDeviceType,
    RegistrationCredential,
)

from alongside.domains.agents.passkey_schemas import NewPasskey, SignedByPasskey
from alongside.platform.config import LOOPBACK_NAMES

# All that authenticators speak: Ed25519, ECDSA on P-256, RSA of Windows.
ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
PUBLIC_KEY_BYTES = 2_000
CREDENTIAL_ID_BYTES = 1_023

# What the parsers of the library raise over bytes that are none of what they should be.
_FALSE = (WebAuthnException, ValueError, TypeError, AttributeError, LookupError, struct.error)


class Place(msgspec.Struct, frozen=True):
    """Where passkeys hold: the host that they are bound to, and the origins of our pages there."""

    host: str
    origins: Sequence[str]


class Made(msgspec.Struct, frozen=True):
    """A true new passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    synced: bool


class Untrue(Exception):
    """An authenticator's answer does not hold. The text is for the log."""


def place_of(own_origins: Sequence[str]) -> Place | None:
    """Where passkeys hold, given our origins. None for a server that goes by a number: passkeys need a name."""
    local = any(_host(origin) == "localhost" for origin in own_origins)
    host = "localhost" if local else _host(own_origins[0])
    if not host or _is_number(host):
        return None
    return Place(host, [origin for origin in own_origins if _host(origin) == host])


def made(answer: NewPasskey, challenge: bytes, place: Place) -> Made:
    """The passkey that an authenticator made for this challenge. Raises `Untrue`."""
    try:
        response = AuthenticatorAttestationResponse(
            client_data_json=to_bytes(answer.client_data), attestation_object=to_bytes(answer.attestation)
        )
        verified = verify_registration_response(
            credential=RegistrationCredential(id="", raw_id=b"", response=response),
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=list(place.origins),
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
    except _FALSE as error:
        raise Untrue(f"{type(error).__name__}: {error}") from None
    if len(verified.credential_public_key) > PUBLIC_KEY_BYTES or len(verified.credential_id) > CREDENTIAL_ID_BYTES:
        raise Untrue("the key is larger than keys are")
    return Made(
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        synced=verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
    )


def count_of(answer: SignedByPasskey, public_key: bytes, challenge: bytes, place: Place) -> int:
    """How often the authenticator says it has signed, where it has signed this challenge with this key.

    Raises `Untrue`. Whether the count went on is the caller's to judge.
    """
    try:
        raw_id = to_bytes(answer.credential_id)
        response = AuthenticatorAssertionResponse(
            client_data_json=to_bytes(answer.client_data),
            authenticator_data=to_bytes(answer.authenticator_data),
            signature=to_bytes(answer.signature),
        )
        return verify_authentication_response(
            credential=AuthenticationCredential(id=bytes_to_base64url(raw_id), raw_id=raw_id, response=response),
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=list(place.origins),
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        ).new_sign_count
    except _FALSE as error:
        raise Untrue(f"{type(error).__name__}: {error}") from None


def fell_behind(count: int, last: int) -> bool:
    """Whether a counter shows that somebody else signs with the same key. Those that stay at 0 do not count."""
    return (count > 0 or last > 0) and count <= last


def to_bytes(text: str) -> bytes:
    """Bytes from base64url. Raises `Untrue`."""
    try:
        return base64url_to_bytes(text)
    except (binascii.Error, ValueError):
        raise Untrue("not base64url") from None


def to_text(raw: bytes) -> str:
    """Base64url without padding."""
    return bytes_to_base64url(raw)


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host in LOOPBACK_NAMES and host != "localhost"
    return True
