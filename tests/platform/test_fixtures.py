import psycopg


def test_database_is_migrated(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM agent").fetchone() == (0,)


def test_empty_database_is_empty(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("SELECT to_regclass('agent')").fetchone() == (None,)


async def test_nats_needs_its_token(nats) -> None:
    import nats as client
    import pytest

    connection = await client.connect(nats.url.reveal())
    await connection.close()
    with pytest.raises(Exception, match="(?i)authorization"):
        await client.connect(
            nats.url.reveal().split("@")[0].split("//")[0] + "//wrong@" + nats.url.reveal().split("@")[1],
            max_reconnect_attempts=1,
            allow_reconnect=False,
        )
