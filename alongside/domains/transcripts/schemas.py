"""Shapes of transcripts by mail."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

# Longer ones are refused in words.
Address = Annotated[str, Meta(max_length=1_000)]


class TranscriptNow(msgspec.Struct, frozen=True, kw_only=True):
    """A visitor's latest episode by mail. Until somebody has answered in it (`answered`) there is nothing to send.

    `state`: they want it when it is over, it was sent, or it could not be delivered; None: not asked for. `to` is
    where to, as far as whoever typed it knows it again; `known` the address that they gave before.
    """

    episode: int
    over: bool = False
    answered: bool = False
    state: Literal["wished", "sent", "failed"] | None = None
    to: str | None = None
    known: str | None = None


class AskTranscript(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a visitor's wish to have an episode by mail: at once if it is over, else when it is."""

    episode: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    address: Address


class SendTranscript(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of sending a conversation by mail, as its customer saw it."""

    address: Address
