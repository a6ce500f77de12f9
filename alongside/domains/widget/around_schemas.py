"""What a visitor may say or be told before the first message and after the last."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from alongside.domains.transcripts.schemas import TranscriptNow

COMMENT_CHARS = 2_000


class Over(msgspec.Struct, frozen=True, kw_only=True):
    """The visitor's conversation is over for now. `stars` is None until they have rated it; `declined`: ask no more."""

    episode: int
    stars: int | None
    comment: str | None
    declined: bool


class AroundNow(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to do around the chat now.

    `over` is None while it goes on, and where it cannot be rated; `transcript` where nothing is sent by mail.
    """

    over: Over | None
    transcript: TranscriptNow | None


class Decline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of putting the question away."""

    episode: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class Rate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a rating of the episode that is over: 1 (worst) to 5 stars, and a few words if they like."""

    episode: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    stars: Annotated[int, Meta(ge=1, le=5)]
    comment: Annotated[str, Meta(max_length=COMMENT_CHARS * 2)] = ""
