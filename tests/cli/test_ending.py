"""A process whose work is done ends with its exit code, whatever its libraries' threads are about."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# Threads of the object store are still handing back their results when the work is done. Without `end_with` about two
# of five such processes died of SIGABRT or SIGSEGV.
HASTY = """
import asyncio, sys
from obstore import put_async
from obstore.store import LocalStore
from alongside.cli.ending import end_with

async def work():
    store = LocalStore(sys.argv[1])
    under_way = [asyncio.ensure_future(put_async(store, str(n), b"x")) for n in range(200)]
    await under_way[0]

def program():
    asyncio.run(work())
    print("done")
    return 3

end_with(program)
"""


def ended(code: str, *arguments: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-c", code, *arguments], check=False, capture_output=True, text=True)
    return done.returncode, done.stdout


def test_threads_of_the_object_store_do_not_take_it_down(tmp_path: Path) -> None:
    assert {ended(HASTY, str(tmp_path)) for _ in range(15)} == {(3, "done\n")}


@pytest.mark.parametrize(("leaving", "code"), [("2", 2), ("None", 0), ("'it failed'", 1)])
def test_leaving_early_keeps_its_code(leaving: str, code: int) -> None:
    program = f"from alongside.cli.ending import end_with; import sys; end_with(lambda: sys.exit({leaving}))"
    assert ended(program) == (code, "")


def test_a_reader_who_has_gone_is_no_failure() -> None:
    program = "from alongside.cli.ending import end_with; end_with(lambda: print('x') or 0)"
    buffering = os.environ | {"PYTHONUNBUFFERED": ""}
    command, pipe = [sys.executable, "-c", program], subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, env=buffering) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0
