"""Jobs exist exactly if the fact that caused them does, and are done at least once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from alongside import contents
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.jobs import Job, Means, enqueue, work_on
from alongside.platform.storage import Storage
from tests.harness.until import PATIENCE, within
from tests.world import Facts, open_database

CUT_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


@asynccontextmanager
async def worker(url: str, jobs: Sequence[Job], means: Means) -> AsyncIterator[None]:
    task = asyncio.create_task(work_on(url, jobs, means))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def recording() -> tuple[Job, asyncio.Queue[tuple[object, object]]]:
    """A job that puts what it was given, and how often the means answered, into a queue."""
    done: asyncio.Queue[tuple[object, object]] = asyncio.Queue()

    async def run(means: Means, **arguments: object) -> None:
        async with means.database.reading() as reading:
            done.put_nowait((arguments, await reading.value("SELECT 1")))

    return Job(name="test.record", run=run), done


async def test_a_job_is_done_after_its_fact_is_committed(
    database: Database, storage: Storage, config: Config, fresh_database_url: str
) -> None:
    job, done = recording()
    async with worker(fresh_database_url, [job], Means(database, storage, config)):
        async with database.work() as work:
            await enqueue(work, job, lock="one", number=7)
            async with database.reading() as outside:
                # The worker looks for stalled jobs by a job of its own.
                waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = $1"
                assert await outside.value(waiting, job.name) == 0
            assert done.empty()
        assert await asyncio.wait_for(done.get(), PATIENCE) == ({"number": 7}, 1)


async def test_what_is_rolled_back_is_never_done(
    database: Database, storage: Storage, config: Config, fresh_database_url: str
) -> None:
    job, done = recording()
    async with worker(fresh_database_url, [job], Means(database, storage, config)):
        with pytest.raises(RuntimeError):
            async with database.work() as work:
                await enqueue(work, job, number=1)
                raise RuntimeError("changed my mind")
        async with database.work() as work:
            await enqueue(work, job, number=2)
        assert await asyncio.wait_for(done.get(), PATIENCE) == ({"number": 2}, 1)
        assert done.empty()


async def test_jobs_of_one_lock_keep_their_order(
    database: Database, storage: Storage, config: Config, fresh_database_url: str
) -> None:
    job, done = recording()
    async with database.work() as work:
        for number in range(10):
            await enqueue(work, job, lock="same", number=number)
    async with worker(fresh_database_url, [job], Means(database, storage, config)):
        got = [await asyncio.wait_for(done.get(), PATIENCE) for _ in range(10)]
    assert [arguments for arguments, _ in got] == [{"number": number} for number in range(10)]


async def test_a_failing_job_is_tried_again(
    database: Database, storage: Storage, config: Config, fresh_database_url: str
) -> None:
    tries: asyncio.Queue[int] = asyncio.Queue()
    failed: list[bool] = []

    async def fail_once(means: Means) -> None:
        tries.put_nowait(len(failed))
        if not failed:
            failed.append(True)
            raise RuntimeError("not yet")

    job = Job(name="test.fail", run=fail_once)
    async with database.work() as work:
        await enqueue(work, job)
    async with worker(fresh_database_url, [job], Means(database, storage, config)):
        assert [await asyncio.wait_for(tries.get(), PATIENCE) for _ in range(2)] == [0, 1]


async def test_a_job_whose_process_died_is_begun_again(
    database: Database, storage: Storage, config: Config, fresh_database_url: str
) -> None:
    job, done = recording()
    async with database.work() as work:
        await enqueue(work, job, number=1)
        dead = await work.value("SELECT procrastinate_register_worker_v1()")
        await work.row("SELECT * FROM procrastinate_fetch_job_v2(NULL, $1)", dead)
        await work.run("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    async with worker(fresh_database_url, [job], Means(database, storage, config)):
        assert await asyncio.wait_for(done.get(), PATIENCE) == ({"number": 1}, 1)


async def test_stopping_at_any_moment_of_the_start_leaves_nothing_running(
    database: Database, storage: Storage, config: Config, fresh_database_url: str
) -> None:
    job, _ = recording()
    before = asyncio.all_tasks()
    for moment in range(40):
        task = asyncio.create_task(work_on(fresh_database_url, [job], Means(database, storage, config)))
        for _ in range(moment):
            await asyncio.sleep(0.002)
        task.cancel()
        await asyncio.wait_for(asyncio.gather(task, return_exceptions=True), PATIENCE)
    assert asyncio.all_tasks() == before


async def test_an_outage_ends_nothing(
    database: Database, storage: Storage, config: Config, make_database: Callable[[bool], str]
) -> None:
    job, done = recording()
    url = make_database(True)
    async with open_database(url, Facts()) as elsewhere, worker(url, [job], Means(elsewhere, storage, config)):
        for number in (1, 2):
            async with elsewhere.work() as work:
                await enqueue(work, job, number=number)
            # What was cut off before its end was noted is done once more: a job may run twice.
            while (await asyncio.wait_for(done.get(), PATIENCE))[0] != {"number": number}:
                pass
            async with elsewhere.reading() as reading:
                cut = await reading.rows(CUT_OTHERS)
            assert cut


async def test_every_declared_job_runs(database: Database, storage: Storage, config: Config) -> None:
    assert {job.name for job in contents.JOBS} == {
        "limits.sweep",
        "files.sweep",
        "files.sweep-uploads",
        "mail.deliver",
        "mail.sweep",
        "agents.sweep",
        "contacts.sweep",
        "audit.sweep",
        "answers.queue",
        "answers.sweep",
        "notifications.push",
        "notifications.look",
        "notifications.sweep",
        "notifications.target",
        "routing.sweep",
        "sla.keep-up",
        "watchdogs.check",
        "reports.export",
        "reports.keep",
        "reports.keep-all",
        "reports.send-due",
        "reports.sweep",
        "transcripts.fulfil",
        "webhooks.sweep",
        "chatlinks.sweep",
    }
    target = {"conversation_id": str(uuid4()), "alarm": "breach", "seq": 1, "about": "first"}
    gone = {"reports.export": {"export_id": str(uuid4())}, "notifications.target": target}
    for job in contents.JOBS:
        await job.run(Means(database, storage, config), **gone.get(job.name, {}))


async def test_a_worker_stops_when_told(
    database: Database, storage: Storage, config: Config, fresh_database_url: str
) -> None:
    job, done = recording()

    async def stopped() -> float:
        async with worker(fresh_database_url, [job], Means(database, storage, config)):
            async with database.work() as work:
                await enqueue(work, job)
            await asyncio.wait_for(done.get(), PATIENCE)
            began = asyncio.get_running_loop().time()
        return asyncio.get_running_loop().time() - began

    await within(3, stopped)
