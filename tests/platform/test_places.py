"""Country and city of an address by an operator's database, of a time zone without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from alongside.platform.places import Place, Places, country_of_zone
from alongside.platform.problem import OperatorError


def database(folder: Path, networks: dict[str, Any]) -> Path:
    """An MMDB file, written here."""
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="Test-City")
    for network, told in networks.items():
        writer.insert_network(IPSet([network]), told)
    path = folder / "places.mmdb"
    writer.to_db_file(str(path))
    return path


def city(country: str, name: str | None = None) -> dict[str, Any]:
    names = {"city": {"names": {"en": name, "de": "anders"}}} if name else {}
    return {"country": {"iso_code": country}, **names}


def test_an_address_tells_country_and_city_and_wins_over_the_time_zone(tmp_path: Path) -> None:
    places = Places(
        database(
            tmp_path,
            {
                "192.0.2.0/24": city("AT", "Vienna"),
                "198.51.100.0/24": city("CH"),
                "2001:db8::/32": city("JP", "x" * 200),
                "203.0.113.0/25": {"country": "FR", "city": "Lyon"},
                "203.0.113.128/25": {"country": {"iso_code": 7}, "city": {"names": {"en": "Nowhere"}}},
            },
        )
    )
    assert places.find("192.0.2.7", "Europe/Berlin") == Place("AT", "Vienna")
    assert places.find("198.51.100.1", "") == Place("CH", "")
    assert places.find("2001:db8::1", "") == Place("JP", "x" * 80)
    assert places.find("203.0.113.1", "") == Place("FR", "Lyon"), "some files hold it flat"
    for address in ("203.0.113.200", "10.0.0.1", "::1", "", "not an address", "192.0.2.7, 10.0.0.1"):
        assert places.find(address, "Europe/Berlin") == Place("DE", ""), address


def test_without_a_database_the_time_zone_tells_the_country() -> None:
    places = Places(None)
    assert places.find("192.0.2.7", "Europe/Zurich") == Place("CH", "")
    known = {
        "Europe/Copenhagen": "DK",
        "Asia/Calcutta": "IN",
        "Europe/Kiev": "UA",
        "America/Buenos_Aires": "AR",
        "US/Pacific": "US",
    }
    assert {zone: country_of_zone(zone) for zone in known} == known
    for zone in ("UTC", "Etc/GMT+3", "", "Mars/Base", "../../etc/passwd"):
        assert country_of_zone(zone) == "", zone
    told = {country_of_zone(zone) for zone in available_timezones()}
    assert len(told) > 240
    assert all(each == "" or (len(each) == 2 and each.isupper()) for each in told)


@pytest.mark.parametrize("content", [None, b"", b"not a database" * 100])
def test_a_file_that_is_none_stops_the_start_with_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "places.mmdb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OperatorError, match="cannot be read as an MMDB file"):
        Places(path)
