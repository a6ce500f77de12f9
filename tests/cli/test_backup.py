"""A backup taken while people write comes back whole; anything else is refused before it does harm."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from alongside.platform.embedded.postgres import running
from tests.cli.running import COMMAND, alongside, environment
from tests.cli.tls import only_encrypted

INVARIANTS = """
SELECT count(*) FROM conversation c WHERE last_seq <> (SELECT count(*) FROM entry WHERE conversation_id = c.id)
    OR last_seq <> (SELECT coalesce(max(seq), 0) FROM entry WHERE conversation_id = c.id)
"""
WRITE = """
WITH bumped AS (UPDATE conversation SET last_seq = last_seq + 1 WHERE id = %s RETURNING id, last_seq, episode)
INSERT INTO entry (conversation_id, seq, episode, kind, author_kind, text)
SELECT id, last_seq, episode, 'note', 'system', 'written during the backup' FROM bumped
"""

ATTACH = """
WITH file AS (
    INSERT INTO attachment (conversation_id, uploader_kind, uploader_id, name, bytes, received, kind, media_type)
    SELECT id, 'visitor', contact_id, 'seam.txt', 4, 4, 'file', 'application/octet-stream' FROM conversation LIMIT 1
    RETURNING id
)
INSERT INTO attachment_part (attachment_id, variant, start, bytes, storage_key)
SELECT id, 'content', 0, 4, 'attachments/seam' FROM file
"""


@pytest.fixture(scope="module")
def seeded(make_database: Callable[[bool], str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A demo company to back up; its database must not be changed."""
    folder = tmp_path_factory.mktemp("seeded")
    settings = place(make_database(True), folder)
    assert alongside("seed", **settings).returncode == 0
    with psycopg.connect(settings["database_url"], autocommit=True) as connection:
        connection.execute(ATTACH)
    sent = folder / "files" / "attachments" / "seam"
    sent.parent.mkdir(exist_ok=True)
    sent.write_bytes(b"seam")
    return settings


@pytest.fixture(scope="module")
def backup(seeded: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good backup of it."""
    file = tmp_path_factory.mktemp("backup") / "good.tar"
    done = alongside("backup", str(file), **seeded)
    assert done.returncode == 0, done.stderr
    return file


def place(url: str, folder: Path) -> dict[str, str]:
    return {"database_url": url, "data_dir": str(folder), "allow_weak_durability": "true"}


@contextmanager
def connected(url: str) -> Iterator[Callable[[str], Any]]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield lambda sql: connection.execute(sql).fetchone()[0]


def content(url: str) -> dict[str, tuple[int, str]]:
    """Number and digest of the rows of every table of ours."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'procrastinate%'"
        ).fetchall()
        return {
            name: connection.execute(
                f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} AS t"
            ).fetchone()
            for (name,) in tables
            if name != "workspace"  # its epoch changes
        }


def pictures(folder: str) -> dict[str, bytes]:
    files = Path(folder) / "files"
    return {str(path.relative_to(files)): path.read_bytes() for path in files.rglob("*") if path.is_file()}


def test_the_round_trip_brings_all_back_under_a_new_epoch(
    seeded: dict[str, str], backup: Path, empty_database_url: str, data_dir: Path
) -> None:
    done = alongside("restore", str(backup), **place(empty_database_url, data_dir))
    assert done.returncode == 0, done.stderr
    assert content(empty_database_url) == content(seeded["database_url"])
    assert pictures(str(data_dir)) == pictures(seeded["data_dir"]) != {}
    with connected(empty_database_url) as ask, connected(seeded["database_url"]) as ask_old:
        assert ask("SELECT epoch FROM workspace") != ask_old("SELECT epoch FROM workspace")
        assert ask("SELECT name FROM workspace") == "Fernwood Outdoor"


def test_it_is_consistent_while_people_write(make_database, backup: Path, tmp_path: Path, data_dir: Path) -> None:
    busy, target = make_database(False), make_database(False)
    settings = place(busy, data_dir / "busy")
    assert alongside("restore", str(backup), **settings).returncode == 0
    stop, written = threading.Event(), []

    def write() -> None:
        with psycopg.connect(busy, autocommit=True) as connection:
            ids = [row[0] for row in connection.execute("SELECT id FROM conversation")]
            while not stop.is_set():
                connection.execute(WRITE, [ids[len(written) % len(ids)]])
                written.append(1)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        done = alongside("backup", str(tmp_path / "busy.tar"), **settings)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert done.returncode == 0, done.stderr
    assert len(written) > 10, "nobody wrote meanwhile"
    done = alongside("restore", str(tmp_path / "busy.tar"), **place(target, data_dir / "target"))
    assert done.returncode == 0, done.stderr
    with connected(target) as ask:
        assert ask(INVARIANTS) == 0
        assert ask("SELECT count(*) FROM entry WHERE text = 'written during the backup'") <= len(written)


def test_from_embedded_to_embedded(backup: Path, data_dir: Path, tmp_path: Path) -> None:
    assert alongside("restore", str(backup), data_dir=str(data_dir / "a")).returncode == 0
    file = tmp_path / "again.tar"
    assert alongside("backup", str(file), data_dir=str(data_dir / "a")).returncode == 0
    done = alongside("restore", str(file), data_dir=str(data_dir / "b"))
    assert done.returncode == 0, done.stderr
    with running(data_dir / "a") as a, running(data_dir / "b") as b:
        assert content(a.url) == content(b.url)


@pytest.mark.parametrize("rules", ["sslmode=require", "sslmode=verify-full&sslrootcert={certificate}"])
def test_over_an_encrypted_connection(
    seeded: dict[str, str], empty_database_url: str, data_dir: Path, tmp_path: Path, rules: str
) -> None:
    file = tmp_path / "over.tar"
    with only_encrypted(seeded["database_url"], tmp_path) as (url, certificate):
        asked = f"{url}?{rules.format(certificate=certificate)}"
        done = alongside("backup", str(file), **seeded | {"database_url": asked})
        assert done.returncode == 0, done.stderr
    with only_encrypted(empty_database_url, tmp_path) as (url, certificate):
        asked = f"{url}?{rules.format(certificate=certificate)}"
        done = alongside("restore", str(file), **place(asked, data_dir))
        assert done.returncode == 0, done.stderr
    assert content(empty_database_url) == content(seeded["database_url"])


def test_only_its_owner_may_read_it_and_nothing_else_is_left(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in backup.parent.iterdir()] == ["good.tar"]


def test_to_standard_output(seeded: dict[str, str]) -> None:
    done = subprocess.run(
        [*COMMAND, "backup", "-"], check=True, capture_output=True, env=environment(**seeded), timeout=60
    )
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as tar:
        assert "manifest.json" in tar.getnames()


def test_through_a_pipe(backup: Path, empty_database_url: str, data_dir: Path) -> None:
    settings = environment(**place(empty_database_url, data_dir))
    done = subprocess.run(
        [*COMMAND, "restore", "-"],
        check=False,
        capture_output=True,
        input=backup.read_bytes(),
        env=settings,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    with connected(empty_database_url) as ask:
        assert ask("SELECT name FROM workspace") == "Fernwood Outdoor"


def test_an_existing_file_is_kept(seeded: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "old.tar"
    file.write_text("precious")
    done = alongside("backup", str(file), **seeded)
    assert (done.returncode, file.read_text()) == (2, "precious")
    assert "--force" in done.stderr
    assert alongside("backup", str(file), "--force", **seeded).returncode == 0
    assert file.stat().st_size > 10_000


def test_a_folder_that_is_not_there_is_told(seeded: dict[str, str], tmp_path: Path) -> None:
    done = alongside("backup", str(tmp_path / "no" / "x.tar"), **seeded)
    assert (done.returncode, "does not exist" in done.stderr) == (2, True)


def test_a_disk_that_fills_leaves_nothing(seeded: dict[str, str], data_dir: Path) -> None:
    tiny = data_dir / "tiny"
    tiny.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", tiny], check=False).returncode:
        pytest.skip("needs the right to mount")
    try:
        done = alongside("backup", str(tiny / "x.tar"), **seeded)
        assert done.returncode == 1
        assert "No space left" in done.stderr
        assert list(tiny.iterdir()) == []
    finally:
        subprocess.run(["umount", tiny], check=True)


@pytest.fixture(scope="module")
def target(make_database: Callable[[bool], str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A place where somebody works already. What is refused changes nothing there, which is looked at each time."""
    settings = place(make_database(True), tmp_path_factory.mktemp("target"))
    made = alongside("admin", "create", "--email", "ada@example.com", "--name", "Ada", "--generate", **settings)
    assert made.returncode == 0
    return settings


class TestWhatIsRefused:
    @pytest.fixture(autouse=True)
    def _harmless(self, target: dict[str, str]) -> Iterator[None]:
        yield
        with connected(target["database_url"]) as ask:
            assert ask("SELECT array_agg(email) FROM agent") == ["ada@example.com"]

    def refused(self, file: Path, target: dict[str, str], said: str, *options: str) -> None:
        done = alongside("restore", str(file), *options, **target)
        assert done.returncode in (1, 2)
        assert said in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_database_that_is_in_use_by_its_content(self, backup: Path, target: dict[str, str]) -> None:
        self.refused(backup, target, "not empty")

    def test_a_database_that_others_are_connected_to(self, backup: Path, target: dict[str, str]) -> None:
        with psycopg.connect(target["database_url"]):
            self.refused(backup, target, "1 other connection(s)", "--replace")

    def test_no_file(self, target: dict[str, str], tmp_path: Path) -> None:
        self.refused(tmp_path / "none.tar", target, "There is no file", "--replace")
        self.refused(tmp_path, target, "is a folder", "--replace")

    def test_a_foreign_file(self, target: dict[str, str], tmp_path: Path) -> None:
        file = tmp_path / "letter.txt"
        file.write_text("Dear Ada, " * 1000)
        self.refused(file, target, "no backup of Alongside", "--replace")
        with tarfile.open(tmp_path / "other.tar", "w") as tar:
            tar.add(file)
        self.refused(tmp_path / "other.tar", target, "it has no manifest", "--replace")

    @pytest.mark.parametrize("kept", [0.3, 0.8, 0.95])
    def test_a_file_that_was_cut_off(self, backup: Path, target: dict[str, str], tmp_path: Path, kept: float) -> None:
        whole = backup.read_bytes()
        (tmp_path / "cut.tar").write_bytes(whole[: int(len(whole.rstrip(b"\0")) * kept)])
        self.refused(tmp_path / "cut.tar", target, "Alongside", "--replace")

    @pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
    def test_a_file_with_one_wrong_byte(
        self, backup: Path, target: dict[str, str], tmp_path: Path, place: float
    ) -> None:
        with tarfile.open(backup) as tar:
            dump = tar.getmember("database.dump")
        wrong = bytearray(backup.read_bytes())
        wrong[dump.offset_data + int(dump.size * place)] ^= 1
        (tmp_path / "wrong.tar").write_bytes(wrong)
        self.refused(tmp_path / "wrong.tar", target, "database.dump is not what it was", "--replace")

    def test_a_backup_from_the_future(self, backup: Path, target: dict[str, str], tmp_path: Path) -> None:
        file = tmp_path / "future.tar"
        altered(backup, file, lambda manifest: manifest["migrations"].append("9999-hover"))
        self.refused(file, target, "newer Alongside", "--replace")

    def test_rows_that_are_missing_roll_all_back(self, backup: Path, target: dict[str, str], tmp_path: Path) -> None:
        file = tmp_path / "fewer.tar"
        altered(backup, file, lambda manifest: manifest["counts"].update(entry=10_000))
        self.refused(file, target, "table entry has", "--replace")


def test_replacing_takes_the_old_files_away(backup: Path, make_database, data_dir: Path) -> None:
    settings = place(make_database(True), data_dir)
    assert alongside("seed", **settings).returncode == 0
    before = set(pictures(str(data_dir)))
    done = alongside("restore", str(backup), "--replace", **settings)
    assert done.returncode == 0, done.stderr
    after = set(pictures(str(data_dir)))
    assert len(after) - 1 == len(before) > 4  # portraits, and pictures of articles; one was sent in a message
    assert not after & before


def test_who_was_erased_since_stays_erased(backup: Path, make_database, data_dir: Path) -> None:
    settings = place(make_database(True), data_dir)
    assert alongside("restore", str(backup), **settings).returncode == 0
    with psycopg.connect(settings["database_url"], autocommit=True) as connection:
        (gone,) = connection.execute("SELECT id FROM contact ORDER BY number LIMIT 1").fetchone()
        connection.execute("INSERT INTO erasure (contact_id) VALUES (%s)", [gone])
        connection.execute("DELETE FROM contact WHERE id = %s", [gone])
        (left,) = connection.execute("SELECT count(*) FROM contact").fetchone()
    assert alongside("restore", str(backup), "--replace", **settings).returncode == 0
    with psycopg.connect(settings["database_url"]) as connection:
        assert connection.execute("SELECT count(*) FROM contact").fetchone() == (left,)
        assert connection.execute("SELECT contact_id FROM erasure").fetchall() == [(gone,)]


def altered(source: Path, target: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """A copy whose manifest says something else."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            data = old.extractfile(member).read()
            if member.name == "manifest.json":
                manifest = json.loads(data)
                change(manifest)
                data = json.dumps(manifest).encode()
                member.size = len(data)
            new.addfile(member, io.BytesIO(data))
