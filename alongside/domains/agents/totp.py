"""Codes of an authenticator app (TOTP, RFC 6238): made, pictured, recognised. Recovery codes. Pure.

SHA-1, six digits, half a minute: what every app can do. The strength lies in 160 random bits and counted tries.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets

import pyotp
import segno

STEP_SECONDS = 30
# Clocks of phones differ; one step on either side is what RFC 6238 recommends.
STEPS_ASIDE = 1
RECOVERY_CODES = 10
RECOVERY_BYTES = 15

_SPACE = re.compile(r"[\s-]+")
_SIX_DIGITS = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def address(secret: str, email: str, company: str) -> str:
    """What the app reads: `otpauth://totp/...`."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=company or "Alongside")


def picture(text: str) -> list[str]:
    """A QR code, row by row, `1` where it is dark. The quiet border is the drawer's."""
    return ["".join("1" if dark else "0" for dark in row) for row in segno.make_qr(text, error="m").matrix]


def step_of(secret: str, code: str, now: float) -> int | None:
    """Which half minute a code belongs to, if it is one that the app shows about now."""
    if not is_of_app(code):
        return None
    totp = pyotp.TOTP(secret)
    current = int(now) // STEP_SECONDS
    steps = range(current - STEPS_ASIDE, current + STEPS_ASIDE + 1)
    matching = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)]
    return matching[-1] if matching else None


def typed(code: str) -> str:
    """A code without the spaces and dashes that people type, in lower case."""
    return _SPACE.sub("", code).lower()


def is_of_app(code: str) -> bool:
    """Whether a typed code is one that an app shows; a recovery code otherwise."""
    return _SIX_DIGITS.fullmatch(code) is not None


def new_recovery_codes() -> list[str]:
    """Ten codes of 120 random bits, in groups that can be read aloud."""
    return [_grouped(base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()) for _ in range(RECOVERY_CODES)]


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4)).lower()
