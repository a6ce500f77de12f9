"""Tokens in which a site vouches for its visitor: a JWT, HS256, signed with one of the channel's identity keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jwt
import msgspec

from alongside.kit.text import clean_line
from alongside.platform.errors import Unauthorized

LEEWAY_SECONDS = 60
REQUIRED = ["exp", "sub", "aud"]


class SigningKey(msgspec.Struct, frozen=True):
    """A channel's identity key. `kid` may stand in the token's header."""

    kid: str
    secret: str


class Vouched(msgspec.Struct, frozen=True):
    """What a valid token says."""

    subject: str
    name: str | None
    email: str | None
    phone: str | None
    fields: dict[str, Any] | None = None


def read_token(token: str, audience: str, keys: Sequence[SigningKey]) -> Vouched:
    """Check signature, audience (the channel's key), expiry and subject.

    Raises `Unauthorized` with the reason in words for the site's developer; never says which key was tried.
    """
    for key in _candidates(token, keys):
        try:
            claims = jwt.decode(
                token,
                key.secret,
                algorithms=["HS256"],
                audience=audience,
                leeway=LEEWAY_SECONDS,
                options={"require": REQUIRED, "verify_sub": False},
            )
        except jwt.InvalidSignatureError:
            continue
        except jwt.InvalidTokenError as error:
            raise Unauthorized("identity-refused", f"The identity token was refused: {error}.") from error
        return _vouched(claims)
    raise Unauthorized(
        "identity-refused",
        "The identity token was refused: its signature fits none of this channel's identity keys.",
    )


def _candidates(token: str, keys: Sequence[SigningKey]) -> Sequence[SigningKey]:
    try:
        kid = jwt.get_unverified_header(token).get("kid")
    except jwt.InvalidTokenError as error:
        raise Unauthorized("identity-refused", "The identity token is not a JWT.") from error
    return [key for key in keys if key.kid == kid] if kid else keys


def _vouched(claims: dict[str, Any]) -> Vouched:
    subject = claims["sub"]
    if isinstance(subject, int) and not isinstance(subject, bool):
        subject = str(subject)
    if not isinstance(subject, str) or not clean_line(subject, 200):
        raise Unauthorized("identity-refused", "The identity token was refused: `sub` must be a non-empty string.")
    fields = claims.get("fields")
    name, email, phone = (_text(claims.get(each)) for each in ("name", "email", "phone"))
    return Vouched(clean_line(subject, 200), name, email, phone, fields if isinstance(fields, dict) else None)


def _text(value: Any) -> str | None:
    return clean_line(value, 200) or None if isinstance(value, str) else None
