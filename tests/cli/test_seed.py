"""The demo is believable, is not doubled, and goes nowhere it is not wanted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from alongside.seed.people import AGENTS, PASSWORD
from tests.cli.running import alongside

COUNTS = """
SELECT (SELECT count(*) FROM agent), (SELECT count(*) FROM agent WHERE picture_file_id IS NOT NULL),
       (SELECT count(*) FROM team), (SELECT count(*) FROM channel WHERE key = 'demo'),
       (SELECT count(*) FROM conversation), (SELECT count(*) FROM entry), (SELECT count(*) FROM contact),
       (SELECT count(*) FROM visit), (SELECT count(*) FROM ticket), (SELECT count(*) FROM ticket_entry),
       (SELECT count(*) FROM article), (SELECT count(*) FROM article_page),
       (SELECT count(*) FROM article WHERE picture_file_id IS NOT NULL), (SELECT count(*) FROM article_category)
"""
# Each must find nothing.
FAULTS = {
    "numbers with gaps": """
        SELECT 1 FROM (SELECT count(*) AS n, max(seq) AS top FROM entry GROUP BY conversation_id) AS t
        WHERE n <> top""",
    "time runs backwards": """
        SELECT 1 FROM entry a JOIN entry b USING (conversation_id) WHERE a.seq < b.seq AND a.at > b.at""",
    "older than its first entry": """
        SELECT 1 FROM conversation c
        WHERE created_at <> (SELECT min(at) FROM entry WHERE conversation_id = c.id)""",
    "another last message than the log's": """
        SELECT 1 FROM conversation c WHERE last_message_at <>
            (SELECT max(at) FROM entry WHERE conversation_id = c.id AND kind = 'message')""",
    "waits though answered": """
        SELECT 1 FROM conversation WHERE (waiting_since IS NOT NULL) <> (status = 'unread')""",
    "an episode out of order": """
        SELECT 1 FROM episode WHERE done_at < opened_at""",
    "a ticket's history with gaps": """
        SELECT 1 FROM ticket t WHERE last_seq <> (SELECT count(*) FROM ticket_entry WHERE ticket_number = t.number)""",
    "a ticket younger or older than its history": """
        SELECT 1 FROM ticket t JOIN ticket_entry e ON e.ticket_number = t.number
        GROUP BY t.number HAVING (created_at, updated_at) <> (min(e.at), max(e.at)) OR max(e.at) > now()""",
    "done without an end": """
        SELECT 1 FROM conversation c JOIN episode e ON e.conversation_id = c.id AND e.number = c.episode
        WHERE (c.status = 'done') <> (e.done_at IS NOT NULL)""",
}


@pytest.fixture(scope="module")
def seeded(make_database, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    settings = {
        "database_url": make_database(True),
        "data_dir": str(tmp_path_factory.mktemp("data")),
        "allow_weak_durability": "true",
    }
    done = alongside("seed", **settings)
    assert done.returncode == 0, done.stderr
    assert PASSWORD in done.stdout
    assert all(person.email in done.stdout for person in AGENTS)
    return settings


def rows(settings: dict[str, str], sql: str) -> list[tuple]:
    with psycopg.connect(settings["database_url"]) as connection:
        return connection.execute(sql).fetchall()


def test_it_holds_every_status_over_some_weeks(seeded: dict[str, str]) -> None:
    statuses = dict(rows(seeded, "SELECT status, count(*) FROM conversation GROUP BY status"))
    assert set(statuses) == {"unread", "unresolved", "done"}
    assert min(statuses.values()) >= 5
    (span,) = rows(seeded, "SELECT now() - min(at), now() - max(at) FROM entry")
    assert timedelta(days=21) < span[0] < timedelta(days=34)
    assert span[1] < timedelta(minutes=10)


@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_as_if_it_had_happened(seeded: dict[str, str], fault: str) -> None:
    assert rows(seeded, FAULTS[fault]) == []


def test_again_adds_nothing(seeded: dict[str, str]) -> None:
    before = rows(seeded, COUNTS)
    assert alongside("seed", **seeded).returncode == 0
    assert rows(seeded, COUNTS) == before
    assert before[0][:4] == (4, 4, 2, 1)


def test_what_was_interrupted_is_finished(seeded: dict[str, str]) -> None:
    before = rows(seeded, COUNTS)
    with psycopg.connect(seeded["database_url"]) as connection:
        # As if the last story had been cut off after its first step, before it was moved back in time.
        last = "(SELECT conversation_id FROM entry WHERE text LIKE 'Hi! Does the Birchlight%%')"
        connection.execute(f"DELETE FROM entry WHERE seq > 1 AND conversation_id = {last}")
        connection.execute(
            f"UPDATE conversation SET created_at = now(), last_seq = 1, last_public_seq = 1 WHERE id = {last}"
        )
    assert alongside("seed", **seeded).returncode == 0
    assert rows(seeded, COUNTS) == before


def test_people_at_work_are_not_disturbed(fresh_database_url: str, data_dir: Path) -> None:
    settings = {
        "database_url": fresh_database_url, "data_dir": str(data_dir), "allow_weak_durability": "true"
    }  # fmt: skip
    alongside("admin", "create", "--email", "ada@example.com", "--name", "Ada", "--generate", **settings)
    done = alongside("seed", **settings)
    assert done.returncode == 2
    assert "--force" in done.stderr
    assert rows(settings, "SELECT count(*) FROM channel") == [(0,)]
    assert alongside("seed", "--force", **settings).returncode == 0
    assert rows(settings, "SELECT count(*) FROM agent") == [(5,)]
