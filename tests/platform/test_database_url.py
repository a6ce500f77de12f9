"""An address of a database is understood alike by all who connect, or refused without showing its password."""

from __future__ import annotations

import psycopg
import pytest

from alongside.platform.config_loading import load
from alongside.platform.config_sources import ConfigError
from alongside.platform.database_url import fault, for_asyncpg
from alongside.platform.db import Database
from alongside.platform.events import Announcer


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://db", "must begin with postgresql://"),
        ("postgresql://ada:gehe%zim@db/x", "%25"),
        ("postgresql://ada:gehe@im@db/x", "@ as %40"),
        ("postgresql://ada:gehe/im@db/x", "/ as %2F"),
        ("postgresql://ada:gehe#im@db/x", "# as %23"),
        ("postgresql://ada:geheim@db/x?conect_timeout=3", "option conect_timeout"),
        ("postgresql://ada:geheim@db/x?hostaddr=10.0.0.1", "option hostaddr"),
        ("postgresql://ada:geheim@db/x?channel_binding=require", "option channel_binding"),
        ("postgresql://ada:geheim@db:port/x", "a port that is no number"),
        ("postgresql://ada:geheim@[::1/x", "cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_refused_without_the_password(address: str, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load({"ALONGSIDE_DATABASE_URL": address})
    assert refused.value.exit_code == 2
    assert said in refused.value.message
    assert "gehe" not in refused.value.message


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ada:gehe%40im@db/x",
        "postgres://db",
        "postgresql:///x",
        "postgresql://a:b@h1:1,[::1]:2/x?sslmode=require",
    ],
)
def test_what_is_well_formed_is_taken(address: str) -> None:
    assert fault(address) == ""


async def test_options_that_only_libpq_knows_do_not_hinder_the_server(database_url: str) -> None:
    options = (
        "connect_timeout=3&keepalives=1&keepalives_idle=30&gssencmode=disable&application_name=shop&sslmode=prefer"
    )
    address = f"{database_url}{'&' if '?' in database_url else '?'}{options}"
    with psycopg.connect(address) as connection:
        assert connection.execute("SHOW application_name").fetchone() == ("shop",)
    database = await Database.connect(address, 2, Announcer())
    async with database.reading() as reading:
        assert await reading.value("SHOW application_name") == "shop"
    await database.close()


def test_the_systems_certificates_are_named_for_who_does_not_know_the_word() -> None:
    told = for_asyncpg("postgresql://db/x?sslrootcert=system")
    assert "sslmode=verify-full" in told
    assert "sslrootcert=system" not in told
