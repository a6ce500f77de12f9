"""Shapes of what is asked of who signs in, besides an address and a password."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from alongside.domains.agents.schemas import Body, Email, Password, SignedIn, Token

Step = Literal["code", "enrol"]
Code = Annotated[str, Meta(max_length=100)]
PasswordChars = Annotated[int, Meta(ge=10, le=40)]


class SignInRules(msgspec.Struct, frozen=True, kw_only=True):
    """What the company asks of everybody: the shortest password that may be chosen, and whether a code too."""

    password_chars: int
    second_factor_required: bool


class ProviderButton(msgspec.Struct, frozen=True, kw_only=True):
    """That one can sign in with the company's own account; `label` is empty or what the operator calls it."""

    label: str


class SignInOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a page must know before anybody has signed in.

    `passkey_host`: the host that passkeys are bound to, if they can be used; `mail`: whether mail goes out.
    """

    password_chars: int
    provider: ProviderButton | None
    passkey_host: str | None
    mail: bool


class NextStep(msgspec.Struct, frozen=True, kw_only=True):
    """The password was right, and something is still missing: a code, or setting up what makes codes."""

    next_step: Step


class SecondFactor(msgspec.Struct, frozen=True, kw_only=True):
    """What the agent who asks has besides a password: an app `since`, or null; so many passkeys."""

    since: datetime | None
    passkeys: int
    recovery_codes_left: int
    required: bool


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What an authenticator app needs, told once. `picture` is a QR code of `address`: rows, `1` where it is dark."""

    secret: str
    address: str
    picture: list[str]


class RecoveryCodes(msgspec.Struct, frozen=True, kw_only=True):
    """Codes that stand in for the app once each. Told once: only their hashes are stored."""

    codes: list[str]


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """Signed in after setting up a second factor on the way."""

    signed_in: SignedIn
    recovery_codes: list[str]


class EditSignInRules(Body, frozen=True, kw_only=True):
    """A change of what the company asks; fields left out stay as they are."""

    password_chars: PasswordChars | UnsetType = UNSET
    second_factor_required: bool | UnsetType = UNSET


class ProvePassword(Body, frozen=True, kw_only=True):
    """One's password, asked again before something that it guards."""

    password: Password


class GivenCode(Body, frozen=True, kw_only=True):
    """A code that the app shows now."""

    code: Code


class ProveBoth(Body, frozen=True, kw_only=True):
    """Password and code, asked again. `code` may be a recovery code."""

    password: Password
    code: Code


class ForgotPassword(Body, frozen=True, kw_only=True):
    """Who forgot their password."""

    email: Email


class ResetToken(Body, frozen=True, kw_only=True):
    """The secret of the link to a new password."""

    token: Token


class NewPassword(Body, frozen=True, kw_only=True):
    """The password that replaces the forgotten one."""

    token: Token
    password: Password


class ResetFor(msgspec.Struct, frozen=True, kw_only=True):
    """Whose password a link replaces: told to who holds the link, for their password manager."""

    email: str
