"""Where somebody is, by a database of addresses that the operator supplies, or by the time zone of their browser.

An address is asked about and forgotten: what comes out is a country, and a city where the database knows one. A time
zone stands for the country of its own place in the tz database (`zone.tab`): Europe/Vienna is in Austria. That is a
good guess and no more, so a database wins where it knows anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import maxminddb
import msgspec

from alongside.kit.text import clean_line
from alongside.platform.problem import OperatorError

CITY_CHARS = 80


class Place(msgspec.Struct, frozen=True):
    """A country by its two letters (ISO 3166) and a city's English name; empty where it is not known."""

    country: str = ""
    city: str = ""


class Places:
    """Finds places. Without a database by time zones alone."""

    def __init__(self, database: Path | None) -> None:
        self._reader = _opened(database) if database else None

    def find(self, address: str, zone: str) -> Place:
        """Where whoever has this address and this time zone is, as far as anything tells."""
        told = self._look_up(address)
        return told if told.country else Place(country_of_zone(zone))

    def _look_up(self, address: str) -> Place:
        if self._reader is None:
            return Place()
        try:
            found: Any = self._reader.get(address)
        except (ValueError, maxminddb.InvalidDatabaseError):
            return Place()  # no address, one of a kind that it does not hold, or a record that is torn
        if not isinstance(found, Mapping):
            return Place()
        country = _text(_inside(found, "country", "iso_code")) or _text(found.get("country"))
        city = _text(_inside(found, "city", "names", "en")) or _text(found.get("city"))
        return Place(country, clean_line(city, CITY_CHARS)) if _is_country(country) else Place()


def country_of_zone(zone: str) -> str:
    """The country of a time zone by its IANA name, also an earlier one; empty where it has none."""
    return _countries().get(zone, "")


@lru_cache
def _countries() -> Mapping[str, str]:
    folder = files("tzdata") / "zoneinfo"
    found: dict[str, str] = {}
    for line in (folder / "zone.tab").read_text().splitlines():
        if not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            found[zone] = country
    # Browsers go on saying Asia/Calcutta. A link may lead to another link.
    links = [line.split() for line in (folder / "tzdata.zi").read_text().splitlines() if line.startswith("L ")]
    for _ in range(2):
        for _, zone, earlier in links:
            if zone in found:
                found.setdefault(earlier, found[zone])
    return found


def _opened(path: Path) -> maxminddb.Reader:
    try:
        return maxminddb.open_database(path, maxminddb.MODE_MMAP)
    except (OSError, maxminddb.InvalidDatabaseError, ValueError) as error:
        raise OperatorError(
            f"geo_database: {path} cannot be read as an MMDB file ({error}). Name such a file, or leave it out.",
            exit_code=2,
        ) from error


def _inside(found: Any, *names: str) -> Any:
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _text(found: Any) -> str:
    return found if isinstance(found, str) else ""


def _is_country(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()
