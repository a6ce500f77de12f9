"""What every error looks like: a code for programs, a sentence for people, never a trace."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from alongside.kit.ids import new_id
from alongside.platform.errors import Refusal, TooMany

log = structlog.get_logger()


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every error. `error_id` is found in the server's log."""

    code: str
    message: str
    details: dict[str, Any] | None = None
    error_id: str | None = None


_WORDS = {
    400: ("malformed", "The request could not be read."),
    404: ("not-found", "There is nothing at this address."),
    405: ("method-not-allowed", "This address does not answer to that method."),
    413: ("too-large", "The request is larger than this address accepts."),
    415: ("unsupported-media-type", "Send this request as application/json."),
}

# How the framework says that the caller hung up before the body was whole: a closed tab, no mistake of ours.
_HUNG_UP = "client disconnected prematurely"


def refused(_: Request[Any, Any, Any], error: Refusal) -> Response[Problem]:
    """A refusal, in its own words."""
    headers = {"Retry-After": str(math.ceil(error.retry_after))} if isinstance(error, TooMany) else {}
    if error.status == 503:
        headers["Retry-After"] = "2"
    return _answer(error.status, Problem(error.code, error.message, error.details or None), headers)


def rejected(_: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    """What the framework refused: unknown path, wrong method, a body that does not fit its shape."""
    if error.status_code == 400 and error.extra:
        return _answer(422, Problem("invalid", f"The request does not fit: {_reason(error)}."))
    if error.detail == _HUNG_UP:
        return _answer(400, Problem("malformed", "The request ended before it was whole."))
    if error.status_code >= 500:
        return failed(_, error)
    code, message = _WORDS.get(error.status_code, ("refused", "The request was refused."))
    if error.status_code == 400 and error.detail:
        message = f"{message} {error.detail[:300]}"
    return _answer(error.status_code, Problem(code, message))


def too_deep(_: Request[Any, Any, Any], __: RecursionError) -> Response[Problem]:
    """JSON nested beyond what the decoder follows."""
    return _answer(422, Problem("invalid", "The request does not fit: it is nested too deeply."))


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """A mistake of ours: logged with an id, told without detail."""
    if _is_form_without_file(request, error):
        return _answer(422, Problem("file-missing", "Send the file in the field `file` of a form."))
    error_id = new_id().hex[:12]
    log.error("request.failed", error_id=error_id, path=request.scope["path"], exc_info=error)
    return _answer(
        500,
        Problem(
            "internal",
            "Alongside made a mistake; nothing of this request was stored. The operator finds it in the log by its id.",
            error_id=error_id,
        ),
    )


def _is_form_without_file(request: Request[Any, Any, Any], error: Exception) -> bool:
    """The framework looks for the first file of a form that has none, and says so by running out of them."""
    form = request.headers.get("content-type", "").startswith("multipart/form-data")
    return form and isinstance(error, RuntimeError) and isinstance(error.__cause__, StopIteration)


def _reason(error: HTTPException) -> str:
    """Which field, and what is wrong with it; values are left out, they may be secrets."""
    extra = error.extra
    if not isinstance(extra, list):
        return "see the API documentation"
    parts = []
    for item in extra[:5]:
        key, message = item.get("key") or "", str(item.get("message", "")).split(" - at ")[0]
        parts.append(f"{key}: {message}" if key else message)
    return "; ".join(parts).rstrip(".")


def _answer(status: int, problem: Problem, headers: dict[str, str] | None = None) -> Response[Problem]:
    return Response(problem, status_code=status, headers=headers, media_type="application/json")


HANDLERS: ExceptionHandlersMap = {
    Refusal: refused,
    HTTPException: rejected,
    RecursionError: too_deep,
    Exception: failed,
}
