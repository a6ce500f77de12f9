"""Brings a fresh clone to where a command of bin/ can run, then becomes that command.

Called by bin/lib.sh: `python3 -m tools.bootstrap NEEDS MODULE [ARGUMENT...]`, with the standard library only.
Each step looks first, says in one line what it does, and does nothing when nothing is missing.
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tools import frontends
from tools.machine import Machine
from tools.paths import DEV, ROOT


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the checkout's lock, so that two commands started together do not install over each other."""
    DEV.mkdir(exist_ok=True)
    with (DEV / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare(needs: set[str]) -> Machine:
    """Install what `needs` names and is missing. Where it cannot, exits and says what to do."""
    machine = Machine()
    machine.clean_environment()
    machine.trust_what_the_machine_trusts()
    with one_at_a_time():
        machine.need_packages(node="npm" in needs)
        if "npm" in needs:
            machine.need_npm_packages()
        if "web" in needs and not frontends.is_fresh():
            machine.say("building the front ends into alongside/static")
            frontends.build(machine.environment)
        if "chromium" in needs:
            machine.need_chromium()
        if "calc" in needs:
            machine.need_calc()
        if "nginx" in needs:
            machine.want_nginx()
    return machine


def main(arguments: list[str]) -> None:
    """Prepare, then replace this process: no shell and no bootstrap stays behind a running command."""
    needs, module, *rest = arguments
    asks_for_help = bool({"-h", "--help", "--list"} & set(rest))
    wanted = set(needs.split(","))
    if "--deep" in rest:  # one of the long proofs opens files with it; it is large
        wanted.add("calc")
    machine = prepare({"packages"} if asks_for_help else wanted)
    python = ROOT / ".venv" / "bin" / "python"
    sys.stdout.flush()
    os.execve(python, [str(python), "-m", module, *rest], machine.environment)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
