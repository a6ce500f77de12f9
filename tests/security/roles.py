"""Agents of a certain role, and what they meet."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import httpx

from alongside.domains.agents.permissions import PERMISSIONS
from tests.harness.stage import Stage
from tests.world import Colleague

NAMES = [each.name for each in PERMISSIONS]


async def hire(stage: Stage, permissions: Sequence[str], sees: str = "all") -> Colleague:
    colleague = await stage.hire(permissions)
    if "*" not in permissions:
        stage.sql("UPDATE role r SET sees = %s FROM agent a WHERE r.id = a.role_id AND a.id = %s", sees, colleague.id)
    return colleague


async def begun(stage: Stage) -> UUID:
    token = await stage.newcomer()
    async with stage.visitor(token) as visitor:
        await visitor.send("hello")
    return await stage.conversation_of(token)


def code_of(answer: httpx.Response) -> str | None:
    body = answer.json() if answer.headers.get("content-type") == "application/json" else None
    return body.get("code") if isinstance(body, dict) else None
