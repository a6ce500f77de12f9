"""A large file on its way in and out, beside a bare copy of the same bytes to the same disk, and beside the floor: the
same requests to a program on the same HTTP server that writes what comes to files and does nothing else."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import time
from pathlib import Path

import msgspec

from alongside.platform.auth.tokens import csrf_of
from bench import servers, wire
from bench.cluster import Cluster, Company
from bench.machine import memory, processor_seconds
from bench.seed import agent_token

MEGABYTE = 1_000_000
PIECE = 4 * 1024 * 1024


class Plan(msgspec.Struct, frozen=True):
    """How large, and how often."""

    megabytes: int = 200
    rounds: int = 5


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """MB/s of each way in one round, and what the uploads cost the server."""

    bare_write: float
    floor: float
    upload: float
    bare_read: float
    download: float
    server_seconds: float
    grown_mb: float


class Way:
    """One agent's kept-alive connection."""

    @classmethod
    async def to(cls, port: int) -> Way:
        """Connected."""
        _, peer = await asyncio.get_running_loop().create_connection(wire.HttpPeer, "127.0.0.1", port)
        return cls(peer, port)

    def __init__(self, peer: wire.HttpPeer, port: int) -> None:
        token = agent_token(0)
        self._headers = {"Cookie": f"__Host-alongside={token}", "X-CSRF-Token": csrf_of(token)}
        self._peer = peer
        self._host = f"localhost:{port}"

    def close(self) -> None:
        """Hang up."""
        self._peer.close()

    async def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
        """The body of the answer. Raises `RuntimeError` for anything but success."""
        data = wire.request(method, f"/api/v1{path}", self._host, self._headers | headers, body)
        status, answer = await self._peer.ask(data)
        if not 200 <= status < 300:  # 0 where the server had hung up
            raise RuntimeError(f"{method} {path}: {status} {answer[:300]!r}")
        return answer


async def measure(cluster: Cluster, company: Company, plan: Plan) -> list[Copied]:
    """Turn about: the bare copy, the floor, the upload, the bare read, the download."""
    piece = os.urandom(PIECE)
    pieces = [piece] * (plan.megabytes * MEGABYTE // PIECE) + [piece[: plan.megabytes * MEGABYTE % PIECE] or b"x"]
    folder = cluster.data_dir / "copy"
    folder.mkdir(exist_ok=True)
    with (
        servers.floor(company.url, folder) as (floor_port, _),
        servers.alongside(cluster.data_dir, company.url) as (port, process, _),
    ):
        rounds = []
        for conversation_id in company.conversation_ids[: plan.rounds]:
            # New connections each time: one that rests while the other is measured is hung up after some seconds.
            floor = await Way.to(floor_port)
            ground = await _ground(folder, pieces, floor)
            floor.close()
            way = await Way.to(port)
            rounds.append(await _round(way, conversation_id, pieces, ground, process.pid))
            way.close()
    return rounds


class Ground(msgspec.Struct, frozen=True):
    """What it is compared with: seconds of the disk itself, and of the floor, which writes to it."""

    folder: Path
    bare_write: float
    floor: float


async def _ground(folder: Path, pieces: list[bytes], floor: Way) -> Ground:
    began = time.perf_counter()
    _write(folder, pieces)
    bare_write = time.perf_counter() - began
    began = time.perf_counter()
    for number, piece in enumerate(pieces):
        await floor.call("PATCH", f"/{number}", piece)
    return Ground(folder, bare_write, time.perf_counter() - began)


async def _round(way: Way, conversation_id: str, pieces: list[bytes], ground: Ground, pid: int) -> Copied:
    size = sum(map(len, pieces))
    before, worked = memory([pid]).rss, processor_seconds([pid])
    began = time.perf_counter()
    upload_id = await _upload(way, conversation_id, pieces, size)
    upload = time.perf_counter() - began
    server_seconds = processor_seconds([pid]) - worked
    grown = (memory([pid]).rss - before) / 1000
    began = time.perf_counter()
    _read(ground.folder)
    bare_read = time.perf_counter() - began
    began = time.perf_counter()
    for start in range(0, size, PIECE):
        await way.call("GET", f"/attachments/{upload_id}/content", Range=f"bytes={start}-{start + PIECE - 1}")
    download = time.perf_counter() - began
    await way.call("DELETE", f"/uploads/{upload_id}")
    speeds = [size / MEGABYTE / seconds for seconds in (ground.bare_write, ground.floor, upload, bare_read, download)]
    print(
        f"· upload: {speeds[2]:,.0f} MB/s, floor {speeds[1]:,.0f}, bare {speeds[0]:,.0f}; "
        f"download: {speeds[4]:,.0f} of {speeds[3]:,.0f}",
        flush=True,
    )
    return Copied(
        bare_write=speeds[0],
        floor=speeds[1],
        upload=speeds[2],
        bare_read=speeds[3],
        download=speeds[4],
        server_seconds=server_seconds,
        grown_mb=grown,
    )


async def _upload(way: Way, conversation_id: str, pieces: list[bytes], size: int) -> str:
    body = json.dumps({"name": "film.bin", "bytes": size}).encode()
    upload = json.loads(await way.call("POST", f"/conversations/{conversation_id}/uploads", body))
    offset = 0
    for piece in pieces:
        answer = await way.call("PATCH", f"/uploads/{upload['id']}?offset={offset}", piece)
        offset = json.loads(answer)["offset"]
    return str(upload["id"])


def _write(folder: Path, pieces: list[bytes]) -> None:
    """As the store does it: a file per part, handed to the operating system."""
    for number, piece in enumerate(pieces):
        (folder / str(number)).write_bytes(piece)


def _read(folder: Path) -> None:
    for path in folder.iterdir():
        path.read_bytes()


def middle(rounds: list[Copied], name: str) -> float:
    """The median over the rounds."""
    return float(statistics.median(getattr(each, name) for each in rounds))
