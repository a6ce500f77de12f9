"""How tables are found to belong to a contact."""

from __future__ import annotations

from alongside.domains.privacy.logic import Link, belongs, routes, selves, unreachable

CONVERSATION = Link("conversation", "contact", ["contact_id"], ["id"])
ENTRY = Link("entry", "conversation", ["conversation_id"], ["id"])
EMOJI = Link("reaction", "entry", ["conversation_id", "seq"], ["conversation_id", "seq"])
MERGED = Link("contact", "contact", ["merged_into"], ["id"])


def test_the_shortest_way_is_taken() -> None:
    short = Link("entry", "contact", ["author_id"], ["id"])
    assert routes([ENTRY, CONVERSATION])["entry"] == (ENTRY, CONVERSATION)
    assert routes([ENTRY, CONVERSATION, short])["entry"] == (short,)


def test_circles_end() -> None:
    back = Link("conversation", "entry", ["last_entry"], ["seq"])
    assert set(routes([CONVERSATION, ENTRY, back, MERGED])) == {"contact", "conversation", "entry"}


def test_the_condition_follows_the_keys() -> None:
    way = routes([CONVERSATION, ENTRY, EMOJI])["reaction"]
    assert belongs(way, []) == (
        '("conversation_id", "seq") IN (SELECT "conversation_id", "seq" FROM "entry" WHERE '
        '("conversation_id") IN (SELECT "id" FROM "conversation" WHERE '
        '("contact_id") IN (SELECT "id" FROM "contact" WHERE "id" = $1)))'
    )


def test_who_was_merged_is_the_same_person() -> None:
    assert selves([MERGED, CONVERSATION]) == ["merged_into"]
    assert belongs((), ["merged_into"]) == '"id" = $1 OR "merged_into" = $1'


def test_names_are_quoted() -> None:
    assert belongs((Link("x", "contact", ['a"b'], ["id"]),), []).startswith('("a""b") IN')


def test_what_no_key_leads_to_is_told() -> None:
    assert unreachable({"contact": "contact", "rumour": "contact", "role": "workspace"}, routes([])) == {"rumour"}
