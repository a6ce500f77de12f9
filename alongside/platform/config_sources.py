"""Where settings come from: the file and the environment, and saying plainly what is wrong with them."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec
import platformdirs

from alongside.platform.problem import OperatorError
from alongside.platform.secret import Secret

PREFIX = "ALONGSIDE_"
FILE_VARIABLE = "ALONGSIDE_CONFIG"
TRUE = ("true", "1", "yes", "on")
FALSE = ("false", "0", "no", "off")


class ConfigError(OperatorError):
    """A setting is unknown, of the wrong kind, or does not fit another one. Exit code 2."""


class Setting(msgspec.Struct, frozen=True):
    """One setting as a reader of docs/configure.md or `alongside config` needs it."""

    name: str
    kind: Any
    description: str
    default: str

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return PREFIX + self.name.upper()


def default_file() -> Path:
    """Where the settings file is looked for when nobody names one."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/etc/alongside/alongside.toml")
    return platformdirs.user_config_path("alongside", appauthor=False) / "alongside.toml"


def read_file(path: Path | None, known: Mapping[str, Setting]) -> dict[str, Any]:
    named = path is not None
    path = path or default_file()
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        if not named:
            return {}
        raise ConfigError(f"The settings file {path} does not exist. Create it, or correct its name.") from None
    except PermissionError:
        raise ConfigError(f"The settings file {path} may not be read by this user. Change its permissions.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"The settings file {path} cannot be read ({error}). It must be a text file in UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"The settings file {path} is not valid TOML: {error}. Correct that line.") from None
    for name in values:
        if name not in known:
            raise ConfigError(f"{path}: there is no setting {name!r}.{_meant(name, known)}")
    return values


def read_environment(env: Mapping[str, str], known: Mapping[str, Setting]) -> dict[str, str]:
    found = {}
    for variable, text in env.items():
        if not variable.startswith(PREFIX) or variable == FILE_VARIABLE:
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in known or variable != variable.upper():
            raise ConfigError(f"The environment variable {variable} is no setting.{_meant(name, known, PREFIX)}")
        if text.strip():
            found[name] = text.strip()
    return found


def _meant(name: str, known: Mapping[str, Setting], prefix: str = "") -> str:
    close = get_close_matches(name.lower(), known, n=1)
    if not close:
        return " Remove it; `alongside config` lists the settings there are."
    return f" Did you mean {prefix + close[0].upper() if prefix else close[0]}?"


def from_text(setting: Setting, text: str) -> Any:
    """A variable's text as TOML would give it; left as text where it does not fit, for `typed` to refuse."""
    kind = setting.kind.__origin__
    if kind is bool:
        word = text.lower()
        return True if word in TRUE else False if word in FALSE else text
    if kind is int:
        return int(text) if text.lstrip("-").isdecimal() else text
    if kind == tuple[str, ...]:
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def typed(setting: Setting, raw: Any, where: str) -> Any:
    if isinstance(raw, (Path, Secret)):
        return raw
    try:
        return msgspec.convert(raw, setting.kind, dec_hook=decode)
    except msgspec.ValidationError as error:
        secret = "Secret" in str(setting.kind)
        value = "its value" if secret else f"{raw!r}"
        kind = setting.kind.__origin__
        reason = f"use one of {', '.join(get_args(kind))}" if get_origin(kind) is Literal else _plain(str(error))
        raise ConfigError(f"{where}: {value} does not fit: {reason}. {setting.description}") from None


def _plain(error: str) -> str:
    for machine, human in (("`int`", "a whole number"), ("`bool`", "true or false"), ("`str`", "a text"),
                           ("`array`", "a list")):  # fmt: skip
        error = error.replace(machine, human)
    return error[0].lower() + error[1:]


def decode(kind: type, raw: Any) -> Any:
    """The kinds of settings that TOML and JSON have no word for."""
    if not isinstance(raw, str):
        raise msgspec.ValidationError("Expected `str`")
    return Path(raw).expanduser().absolute() if kind is Path else Secret(raw)
