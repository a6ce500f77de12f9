"""Refusals: every way in which Alongside says no, with words for people and a code for programs."""

from __future__ import annotations

from typing import Any, ClassVar


class Refusal(Exception):
    """A request that is answered with a reason. `message` says what happened and what to do about it.

    `details` must hold nothing but what the asker may know: it is sent as it is.
    """

    status: ClassVar[int] = 400

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details


class Invalid(Refusal):
    """The request's content breaks a rule."""

    status = 422


class Unauthorized(Refusal):
    """Nobody is signed in, or the credential no longer holds."""

    status = 401


class Forbidden(Refusal):
    """Somebody is signed in who may not do this."""

    status = 403


class NotFound(Refusal):
    """No such thing, or none that the asker may know of."""

    status = 404


class Conflict(Refusal):
    """The request contradicts what is already there."""

    status = 409


class TooLarge(Refusal):
    """More bytes or characters than the limit."""

    status = 413


class TooMany(Refusal):
    """A budget is used up; `retry_after` seconds from now there is more."""

    status = 429

    def __init__(self, code: str, message: str, retry_after: float, **details: Any) -> None:
        super().__init__(code, message, **details)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """The server cannot do it now; nothing was stored; trying again later helps."""

    status = 503
