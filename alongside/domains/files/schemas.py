"""Shapes of stored files, of uploads, and of what messages carry."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

AttachmentKind = Literal["image", "video", "audio", "file"]
Variant = Literal["content", "thumbnail"]


class StoredFile(msgspec.Struct, frozen=True):
    """Where a file lies and what it is."""

    id: UUID
    storage_key: str
    media_type: str
    bytes: int


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a message carries. `kind` and `media_type` were told by its content, never by its name.

    Images have a size in pixels and a thumbnail; video and audio can be played in place; any other file is only a
    download.
    """

    id: UUID
    kind: AttachmentKind
    name: str
    media_type: str
    bytes: int
    width: int | None = None
    height: int | None = None


class NewUpload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a new upload. `media_type` is what the browser holds it for: good for an early refusal, nothing else."""

    name: Annotated[str, Meta(max_length=2_000)]
    bytes: Annotated[int, Meta(ge=0)]
    media_type: Annotated[str, Meta(max_length=200)] = ""


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file on its way: the server has the first `offset` of its `bytes`. `attachment` is set when it is whole.

    Send the rest in parts, the next at `offset`, each of `least_part_bytes` to `most_part_bytes`; the last may be
    shorter.
    """

    id: UUID
    bytes: int
    offset: int
    least_part_bytes: int
    most_part_bytes: int
    attachment: Attachment | None = None
