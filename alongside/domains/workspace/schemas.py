"""Shapes of the workspace."""

from __future__ import annotations

from typing import Literal

import msgspec

Locale = Literal["en", "de"]


class Workspace(msgspec.Struct, frozen=True):
    """The company. `name` is empty until set up.

    `epoch` names the history that log numbers belong to; it changes when a backup is restored. Reports count days in
    `time_zone`, an IANA name. People may edit and delete what they wrote for `edit_minutes`; 0 is never.
    """

    name: str
    epoch: str
    default_locale: Locale
    time_zone: str
    edit_minutes: int
