"""Every statement that has a name is understood by the database, as the schema stands now."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import asyncpg
import pytest

import alongside

STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")


def named_statements() -> Iterator[tuple[str, str]]:
    """`module.NAME` and the SQL of it."""
    for module_info in pkgutil.walk_packages(alongside.__path__, "alongside."):
        if module_info.name.endswith("picture_worker") or ".__" in module_info.name:
            continue
        module = importlib.import_module(module_info.name)
        for name, value in vars(module).items():
            if name.isupper() and isinstance(value, str) and STATEMENT.match(value):
                yield f"{module_info.name}.{name}", value


@pytest.fixture(scope="module")
def statements() -> dict[str, str]:
    return {sql: name for name, sql in named_statements() if "%s" not in sql and "{" not in sql}


async def test_every_statement_can_be_prepared(statements: dict[str, str], database_url: str) -> None:
    assert len(statements) > 40
    connection = await asyncpg.connect(database_url)
    wrong = []
    for sql, name in statements.items():
        try:
            for each in sql.strip().removesuffix(";").split("; "):
                await connection.prepare(each)
        except asyncpg.PostgresError as error:
            wrong.append(f"{name}: {error}")
    await connection.close()
    assert wrong == [], "\n".join(wrong)
