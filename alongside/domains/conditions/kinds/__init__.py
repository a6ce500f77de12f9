"""The kinds of conditions, one file each: a new file here is a new condition."""

from __future__ import annotations

import importlib
import pkgutil

from alongside.domains.conditions.language import Condition

for found in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{found.name}")

KINDS: list[type[Condition]] = sorted(Condition.__subclasses__(), key=lambda kind: kind.__name__)
