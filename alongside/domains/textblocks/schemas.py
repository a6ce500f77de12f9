"""Shapes of text blocks, their lists and their import."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from alongside.domains.files.schemas import Attachment

# Outer bounds of what is looked at at all; `logic` cleans and judges what lies within.
Line = Annotated[str, Meta(max_length=400)]
Words = Annotated[str, Meta(max_length=20_000)]
Files = Annotated[list[UUID], Meta(max_length=100)]
Teams = Annotated[list[UUID], Meta(max_length=100)]

Sort = Literal["title", "uses"]
ImportAct = Literal["new", "changed", "same"]


class TextBlock(msgspec.Struct, frozen=True, kw_only=True):
    """A prepared answer. `language` None fits any; `team_ids` None: for everybody; empty: its teams are gone.

    `files` go along when it is inserted. `uses` counts how often it was part of something sent.
    """

    id: UUID
    title: str
    shortcut: str | None
    text: str
    folder: str
    language: str | None
    team_ids: list[UUID] | None
    files: list[Attachment]
    uses: int
    last_used_at: datetime | None
    updated_at: datetime


class TextBlockPage(msgspec.Struct, frozen=True):
    """Some of the text blocks that fit a question, and how many there are."""

    blocks: list[TextBlock]
    total: int


class TextBlockFolder(msgspec.Struct, frozen=True):
    """A folder and how many text blocks lie in it; the name is empty for those in none."""

    name: str
    count: int


class TextBlockFilters(msgspec.Struct, frozen=True):
    """What a list of text blocks can be narrowed by."""

    folders: list[TextBlockFolder]
    languages: list[str]


class TextBlockImportProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a line of the file, the header being line 1; `about` is what the message names."""

    line: int
    code: str
    message: str
    about: str


class ImportLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a line of the file does."""

    line: int
    act: ImportAct
    title: str
    shortcut: str | None
    folder: str
    language: str | None


class TextBlockImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What an import does, or would do. With a problem it does nothing at all.

    `lines` and `problems` hold the first hundred; `ignored` are columns that mean nothing here. `without_files` counts
    lines that name files which their text block does not have: a table holds none, they are attached in the editor.
    """

    new: int
    changed: int
    same: int
    problem_count: int
    problems: list[TextBlockImportProblem]
    lines: list[ImportLine]
    ignored: list[str]
    without_files: int


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a request may say; a field that is not listed is refused."""


class NewTextBlock(Body, frozen=True, kw_only=True):
    """Body of a new text block. Without `team_ids` it is for everybody, without `language` for any.

    `files` names whole uploads of one's own (`POST /text-blocks/uploads`), or files of another block, which are copied.
    """

    title: Line
    text: Words
    shortcut: Line | None = None
    folder: Line = ""
    language: Line | None = None
    team_ids: Teams | None = None
    files: Files = []


class EditTextBlock(Body, frozen=True, kw_only=True):
    """A change of a text block; fields left out stay as they are. `files`: those it is to have, in order."""

    title: Line | UnsetType = UNSET
    text: Words | UnsetType = UNSET
    shortcut: Line | UnsetType | None = UNSET
    folder: Line | UnsetType = UNSET
    language: Line | UnsetType | None = UNSET
    team_ids: Teams | UnsetType | None = UNSET
    files: Files | UnsetType = UNSET


class TextBlocksUsed(Body, frozen=True, kw_only=True):
    """Body of a count: the blocks of which something was sent; one that was there twice is named twice."""

    ids: Annotated[list[UUID], Meta(max_length=100)]
