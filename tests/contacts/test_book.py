"""The contacts page: found, filtered, sorted, paged; in from a file and out into one."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest

from alongside.domains.contacts import actions, book
from alongside.domains.contacts.actions import importing
from alongside.domains.contacts.events import ContactsImported
from alongside.domains.contacts.tokens import Vouched
from alongside.domains.fields import actions as field_actions
from alongside.domains.fields.schemas import Field, FieldOption, NewField
from alongside.domains.labels import actions as labels
from alongside.domains.labels.schemas import NewLabel
from alongside.kit.csv import BOM
from tests.world import Browser, World

CSV = """\
email,Name,phone,Plan,Size,labels,Shoe size
vera@example.com,Vera,030 123,Gold plan,38,VIP; refund,x
ben@example.com,"Ben, the tall",,,,,
"""


@pytest.fixture
async def sol(world: World, browser: Browser) -> Browser:
    return browser.be(world.sol)


@pytest.fixture
async def prepared(world: World) -> World:
    """Two fields and two labels."""
    gold = [FieldOption(value="gold", label="Gold plan")]
    async with world.database.work() as work:
        for new in (
            NewField(kind="choice", key="plan", label={"en": "Plan"}, options=gold),
            NewField(kind="number", key="size", label={"en": "Size", "de": "Größe"}),
        ):
            await field_actions.create_field(work, world.sol.actor, new)
        for name in ("VIP", "Refund"):
            await labels.create_label(work, world.sol.actor, NewLabel(name=name))
    return world


async def load(browser: Browser, content: str | bytes, query: str = "apply=true") -> httpx.Response:
    raw = content.encode() if isinstance(content, str) else content
    return await browser.call("POST", f"/contacts/import?{query}", files={"file": ("people.csv", raw, "text/csv")})


async def found(browser: Browser, query: str = "") -> list[str]:
    answer = await browser.get(f"/contacts?{query}")
    assert answer.status_code == 200, answer.text
    return [row["name"] or str(row["number"]) for row in answer.json()["rows"]]


async def count(world: World) -> int:
    async with world.database.reading() as reading:
        total: int = await reading.value("SELECT count(*) FROM contact")
        return total


async def test_in_and_out_and_in_again(prepared: World, sol: Browser) -> None:
    report = (await load(sol, CSV)).json()
    assert (report["applied"], report["created"], report["changed"], report["ignored"]) == (True, 2, 0, ["Shoe size"])
    rows = (await sol.get("/contacts?search=vera@ex")).json()["rows"]
    details = (await sol.get(f"/contacts/{rows[0]['id']}")).json()
    assert (details["contact"]["name"], details["contact"]["phone"]) == ("Vera", "030 123")
    assert [(each["value"], each["source"]) for each in details["fields"]] == [("gold", "import"), (38, "import")]
    assert len(details["contact"]["label_ids"]) == 2
    first = (await sol.get("/contacts/export?verified=false")).content
    assert first.startswith(BOM.encode())
    again = await load(sol, "\r\n".join(line for line in first.decode().splitlines() if "@" in line or "email" in line))
    assert (again.json()["created"], again.json()["changed"], again.json()["ignored"]) == (0, 2, [])
    assert (await sol.get("/contacts/export?verified=false")).content == first


async def test_a_preview_writes_nothing(prepared: World, sol: Browser) -> None:
    before = await count(prepared)
    report = (await load(sol, CSV, "match=email")).json()
    assert (report["applied"], report["created"], report["problem_count"]) == (False, 2, 0)
    assert await count(prepared) == before


WRONG = """\
email,plan,size,labels
vera@example.com,Silver,38,
not an address,,many,
,,1,
ben@example.com,,,Unknown
vera@example.com,,,
"""


async def test_every_wrong_line_is_named_and_nothing_is_half_imported(prepared: World, sol: Browser) -> None:
    before = await count(prepared)
    report = (await load(sol, WRONG, "")).json()
    told = [(each["line"], each["column"]) for each in report["problems"]]
    assert told == [(2, "plan"), (3, "email"), (3, "size"), (4, "email"), (5, "labels"), (6, "email")]
    assert "Line 2" in report["problems"][-1]["message"]
    answer = await load(sol, WRONG)
    assert (answer.status_code, answer.json()["code"]) == (422, "import-problems")
    assert await count(prepared) == before


async def test_an_empty_cell_says_nothing(prepared: World, sol: Browser) -> None:
    await load(sol, CSV)
    await load(sol, "email,name,phone,plan\nVERA@example.com,,,\n")
    rows = (await sol.get("/contacts?search=vera@ex")).json()["rows"]
    assert (rows[0]["name"], rows[0]["phone"]) == ("Vera", "030 123")


async def test_by_the_sites_own_id(prepared: World, sol: Browser) -> None:
    query = f"apply=true&match=verified_id&channel={prepared.site.id}"
    text = "verified_id,name,email\ncustomer-7,Seven,same@example.com\ncustomer-8,Eight,same@example.com\n"
    assert (await load(sol, text, query)).json()["created"] == 2
    assert (await load(sol, text.replace("Seven", "7"), query)).json()["changed"] == 2
    assert await found(sol, "verified=true&sort=name") == ["7", "Eight"]
    async with prepared.database.work() as work:
        vouched = Vouched("customer-7", None, None, None)
        new = await actions.recognise_visitor(work, prepared.site.id, vouched, None, "en")
    assert (await sol.get(f"/contacts/{new.actor.contact_id}")).json()["contact"]["name"] == "7"
    report = (await load(sol, "email,name\nsame@example.com,Who?\n", "")).json()
    assert "Merge them first" in report["problems"][0]["message"]


@pytest.mark.parametrize(
    ("content", "query", "status", "code"),
    [
        ("", "", 422, "csv-empty"),
        (b"email\n\xff\xfe\n", "", 422, "csv-encoding"),
        ('email\n"open\n', "", 422, "csv-quotes"),
        ("name\nVera\n", "", 422, "import-column-missing"),
        ("email,E-Mail,email\n", "", 422, "import-column-double"),
        ("verified_id\n1\n", "match=verified_id", 422, "import-channel-missing"),
        ("email\n" + "a@b.test\n" * 5_001, "", 422, "csv-rows"),
        (b"x" * 4_000_001, "", 413, "import-too-large"),
        ("email\n", "match=phone", 422, "invalid"),
    ],
)
async def test_files_that_cannot_be(sol: Browser, content: Any, query: str, status: int, code: str) -> None:
    answer = await load(sol, content, query)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_too_many_labels_are_a_problem_not_a_surprise(prepared: World, sol: Browser) -> None:
    await load(sol, CSV)
    async with prepared.database.work() as work:
        await work.run("UPDATE contact SET label_ids = ARRAY(SELECT gen_random_uuid() FROM generate_series(1, 20))")
    report = (await load(sol, "email,labels\nben@example.com,VIP\n", "")).json()
    assert report["problems"][0]["column"] == "labels"


async def test_many_are_imported_at_once(prepared: World, sol: Browser) -> None:
    lines = "".join(f"p{number}@example.com,Person {number:04},gold,{number}\n" for number in range(1_200))
    assert (await load(sol, f"email,name,plan,size\n{lines}")).json()["created"] == 1_200
    answer = (await sol.get("/contacts/export")).text
    assert len(list(csv.reader(io.StringIO(answer.removeprefix(BOM))))) == 1_202


async def test_an_import_is_told_once(prepared: World) -> None:
    async with prepared.database.work() as work:
        await importing.import_contacts(work, prepared.sol.actor, CSV.encode(), importing.HowToImport("email"))
    assert prepared.facts.of(ContactsImported) == [ContactsImported(created=2, changed=0)]


async def test_no_cell_is_a_formula(prepared: World, sol: Browser) -> None:
    contact = f"/contacts/{prepared.vera.actor.contact_id}"
    await sol.patch(contact, {"name": '=HYPERLINK("https://evil.test","x")', "phone": "+49 30 1"})
    lines = list(csv.DictReader(io.StringIO((await sol.get("/contacts/export")).text.removeprefix(BOM))))
    assert lines[0]["name"].startswith("'=")
    assert lines[0]["phone"] == "'+49 30 1"
    answer = await sol.get("/contacts/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="contacts.csv"'
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


async def test_who_may(world: World, browser: Browser) -> None:
    ada = browser.be(world.ada)
    assert (await ada.get("/contacts")).status_code == 200
    assert (await ada.get("/contacts/export")).status_code == 403
    assert (await load(ada, CSV)).status_code == 403


NAMES = ["Zoë Adler", "anna Berg", "Ben 100% Sure", "Joanne"]


@pytest.fixture
async def people(prepared: World, sol: Browser) -> Browser:
    """Vera, who has no name, and four more; newest first."""
    for number, name in enumerate(NAMES):
        await load(
            sol, f"email,name,phone,size\np{number}@mail{number}.test,{name},+49 30 77{number},{1000 + number}\n"
        )
    return sol


@pytest.mark.parametrize("rare", [0, 1_000])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ann", ["Joanne", "anna Berg"]),
        ("AN", ["anna Berg"]),
        ("mail2.test", ["Ben 100% Sure"]),
        ("4930771", ["anna Berg"]),
        ("1003", ["Joanne"]),
        ("100%", ["Ben 100% Sure"]),
        ("nobody", []),
    ],
)
async def test_search(people: Browser, rare: int, typed: str, expected: list[str], monkeypatch: Any) -> None:
    monkeypatch.setattr(book, "RARE", rare)
    answer = await people.call("GET", "/contacts", params={"search": typed})
    assert [row["name"] for row in answer.json()["rows"]] == expected


async def test_filters_and_order(prepared: World, people: Browser) -> None:
    vera = str(prepared.vera.actor.contact_id)
    number = (await people.get(f"/contacts/{vera}")).json()["contact"]["number"]
    assert await found(people) == [*NAMES[::-1], str(number)]
    assert await found(people, "sort=name") == ["anna Berg", "Ben 100% Sure", "Joanne", "Zoë Adler", str(number)]
    assert await found(people, f"channel={prepared.site.id}") == [str(number)]
    assert await found(people, "verified=true") == []
    vip = (await people.get("/labels")).json()[1]["id"]
    await people.put(f"/contacts/{vera}/labels/{vip}")
    assert await found(people, f"label={vip}") == [str(number)]
    assert str(number) in await found(people, f"search={number}")
    row = (await people.get(f"/contacts?label={vip}")).json()["rows"][0]
    assert row["last_message_at"] is not None
    assert row["label_ids"] == [vip]


@pytest.mark.parametrize("sort", ["newest", "name"])
async def test_pages_leave_out_and_repeat_nothing(people: Browser, sort: str) -> None:
    whole = await found(people, f"sort={sort}")
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await people.get(f"/contacts?sort={sort}&limit=2{cursor}")).json()
        seen += [row["name"] or str(row["number"]) for row in page["rows"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == whole


@pytest.mark.parametrize("query", ["sort=age", "limit=0", "cursor=x", "cursor=WyJhIl0", "label=x", "verified=maybe"])
async def test_a_wrong_question_is_refused(sol: Browser, query: str) -> None:
    answer = await sol.get(f"/contacts?{query}")
    assert (answer.status_code, answer.json()["code"] in ("invalid", "bad-cursor")) == (422, True)


def test_a_field_named_like_another_in_some_language_is_found_by_its_key() -> None:
    from uuid import uuid4

    from alongside.domains.contacts.logic import tables

    def field(key: str, label: str) -> Field:
        return Field(
            id=uuid4(), key=key, kind="text", label={"en": label}, help={}, options=[], required=False, personal=True,
            set_by_page="never", role_ids=[], archived_at=None,
        )  # fmt: skip

    made = [field("size", "Shoe"), field("shoe", "Size")]
    known = tables.columns(["email", "size", "shoe"], made, "email").known
    assert [column.field.key for column in known if column.field] == ["size", "shoe"]
