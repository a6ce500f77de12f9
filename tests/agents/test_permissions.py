"""One list of permissions: the doors, the page's texts and the documentation agree with it."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

import alongside.domains
from alongside.app import create_app
from alongside.domains.agents.permissions import NAMES, PERMISSIONS, in_order, needing_all, unknown
from alongside.platform.web.who import Who
from tests.world import Browser, World, make_config
from tools.paths import ROOT

LOOKS_LIKE_ONE = re.compile(r"[a-z_]+\.[a-z_]+")
CATALOGUES = sorted((ROOT / "web/apps/console/src/i18n").glob("*.json"))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    return create_app(make_config("postgresql://nowhere/", tmp_path_factory.mktemp("app")))


def asked_by_doors(app: Litestar) -> set[str]:
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    policies = [handler.opt.get("who") for route in routes for handler in route.route_handlers]
    return {str(who.permission) for who in policies if isinstance(who, Who) and who.permission}


def asked_by_policies() -> set[str]:
    found = set()
    for domain in pkgutil.iter_modules(alongside.domains.__path__):
        name = f"alongside.domains.{domain.name}.policy"
        if importlib.util.find_spec(name):
            values = vars(importlib.import_module(name))
            found |= {value for key, value in values.items() if key.isupper() and isinstance(value, str)}
    return {name for name in found if LOOKS_LIKE_ONE.fullmatch(name)}


def test_what_is_asked_for_is_in_the_list_and_the_other_way_round(app: Litestar) -> None:
    assert asked_by_doors(app) <= NAMES, "a door asks for a permission that no role can have"
    assert asked_by_policies() == NAMES, "policies and the list in agents/permissions.py name different permissions"


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_every_permission_has_its_words(catalogue: Path) -> None:
    texts = json.loads(catalogue.read_text())
    wanted = [f"{kind}.{each.name}" for each in PERMISSIONS for kind in ("permission", "permissionText")]
    wanted += [f"permissionGroup.{each.group}" for each in PERMISSIONS]
    assert [key for key in wanted if key not in texts] == []
    english = catalogue.stem == "en"
    assert not english or all(len(texts[f"permissionText.{each.name}"]) > 20 for each in PERMISSIONS)


def test_the_documentation_lists_them() -> None:
    page = (ROOT / "docs/roles.md").read_text()
    rows = re.findall(r"^\| `([a-z_.]+)` \| (.+?) \| (yes|no) \| (yes|no) \|$", page, re.MULTILINE)
    told = [(each.name, each.about, _yes(each.default), _yes(each.needs_all)) for each in PERMISSIONS]
    assert rows == told, "docs/roles.md: | `name` | about | in a new role | only with all conversations |"


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def test_names_are_unique_and_groups_stand_together() -> None:
    assert len(NAMES) == len(PERMISSIONS)
    groups = [each.group for each in PERMISSIONS]
    assert [group for at, group in enumerate(groups) if group in groups[:at] and groups[at - 1] != group] == []


def test_sorting_and_judging() -> None:
    assert in_order(["contacts.edit", "conversations.reply", "contacts.edit", "no.such"]) == [
        "conversations.reply",
        "contacts.edit",
    ]
    assert unknown(["contacts.edit", "no.such", "*"]) == ["*", "no.such"]
    assert needing_all(["contacts.edit", "audit.read", "teams.manage"]) == ["teams.manage", "audit.read"]


async def test_by_the_door(world: World, browser: Browser) -> None:
    listed = (await browser.be(world.ada).get("/permissions")).json()
    assert [each["name"] for each in listed] == [each.name for each in PERMISSIONS]
    assert set(listed[0]) == {"name", "group", "about", "default", "needs_all"}
