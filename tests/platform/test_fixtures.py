import nats as client
import psycopg
import pytest

from alongside.platform.embedded.nats import EmbeddedNats


def test_database_is_migrated(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM agent").fetchone() == (0,)


def test_empty_database_is_empty(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("SELECT to_regclass('agent')").fetchone() == (None,)


async def test_nats_needs_its_token(nats: EmbeddedNats) -> None:
    connection = await client.connect(nats.url.reveal())
    await connection.close()
    address = nats.url.reveal().split("@")[1]
    with pytest.raises(Exception, match=r"(?i)authorization"):
        await client.connect(f"nats://wrong@{address}", allow_reconnect=False)
