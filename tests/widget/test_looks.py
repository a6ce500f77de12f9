"""What a widget is told of its channel's look: little by default, and every text in every language."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from alongside.domains.channels import colours
from alongside.domains.channels.look_schemas import Look
from alongside.domains.channels.schemas import ChannelSettings
from alongside.domains.widget import looks
from tests.world import Browser, World

FRENCH_OR_GERMAN = {"languages": ["de", "fr"], "default_language": "fr"}


def settings(accent: str = "#1d5fd1", **look: Any) -> ChannelSettings:
    return msgspec.convert({"accent": accent, "look": look}, ChannelSettings)


def look_of(**parts: Any) -> Look:
    return msgspec.convert(parts, Look)


def test_what_is_as_we_ship_it_costs_nothing() -> None:
    assert looks.button_look(Look()) is None
    assert looks.panel_look(ChannelSettings(), []) is None


def test_a_text_stands_in_every_language_that_is_offered() -> None:
    texts = {"en": "Hi", "fr": "Salut"}
    assert looks.in_languages(texts, look_of(**FRENCH_OR_GERMAN)) == {"de": "Salut", "fr": "Salut"}
    assert looks.in_languages({"en": "Hi"}, look_of(**FRENCH_OR_GERMAN)) == {"de": "Hi", "fr": "Hi"}
    assert looks.in_languages({"it": "Ciao"}, Look()) == {"en": "Ciao", "it": "Ciao"}
    assert looks.in_languages({}, look_of(**FRENCH_OR_GERMAN)) == {}
    assert looks.languages(look_of(**FRENCH_OR_GERMAN)) == ["fr", "de"]


def test_the_button_is_told_in_rules_of_css() -> None:
    button = looks.button_look(look_of(offset_x=4, narrow_y=0, theme="dark", icon="mail", label={"de": "Fragen?"}))
    assert button is not None
    assert "div{--x:4px;--y:20px}" in str(button.css)
    assert "@media(max-width:480px),(max-height:520px){div{--x:4px;--y:0px}}" in str(button.css)
    assert ":host{color-scheme:dark!important}" in str(button.css)
    assert str(button.icon).startswith("M")
    assert button.label == {"en": "Fragen?", "de": "Fragen?"}


def test_words_go_where_they_are_spoken() -> None:
    words = {"de": {"loader.open": "Auf!", "panel.close": "Zu!", "reason.other": "Nein."}, "it": {"panel.close": "Via"}}
    words["de"] |= {"emoji.hearts": "Herzlich", "files.reason.file-empty": "Leer.", "around.mail.again": "Noch mal"}
    parts = {name: text for name, text in words["de"].items() if name.split(".")[0] in ("emoji", "files", "around")}
    look = look_of(words=words, placeholder={"de": "Was gibt's?"}, languages=["de"], default_language="de")
    button, panel = looks.button_look(look), looks.panel_look(ChannelSettings(look=look), [])
    assert button is not None
    assert panel is not None
    assert button.words == {"de": {"open": "Auf!"}}
    assert panel.words == {"de": {"close": "Zu!", "reason.other": "Nein.", "write": "Was gibt's?", **parts}}


@pytest.mark.parametrize(
    ("set_to", "css"),
    [
        (settings(header="#ffee00"), ":root{--header:#ffee00;--on-header:#000000}"),
        (settings(bubble="#102030"), ":root{--bubble:#102030;--on-bubble:#ffffff}"),
        (settings(theme="light"), ":root{color-scheme:light}"),
        (settings(pictures="none"), ".faces,.face{display:none}"),
    ],
    ids=["header", "bubble", "theme", "pictures"],
)
def test_the_panel_is_told_in_rules_of_css(set_to: ChannelSettings, css: str) -> None:
    panel = looks.panel_look(set_to, [])
    assert panel is not None
    assert css in panel.css


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), st.sampled_from(["auto", "light", "dark"]))
def test_the_accent_is_seen_and_read_on_every_ground_of_its_theme(accent: str, theme: str) -> None:
    shown, ink = looks.accent_and_ink(accent, theme)
    shades = shown.removeprefix("light-dark(").removesuffix(")").split(",")
    inks = ink.removeprefix("light-dark(").removesuffix(")").split(",")
    assert shades[0] == accent
    for shade, other in zip(shades * (2 // len(shades)), inks * (2 // len(inks)), strict=True):
        assert colours.contrast(shade, other) >= 4.5
    assert all(colours.stands_out(shades[-1], ground) for ground in colours.grounds(theme)[1:])


async def test_the_loader_gets_little_and_the_panel_asks_for_the_rest(world: World, browser: Browser) -> None:
    path = f"/widget/channels/{world.site.key}"
    plain = (await browser.get(path)).json()
    assert not plain.keys() & {"button", "more", "languages", "preview"}
    look = {
        "css": ".bubble { border-radius: 2px }",
        "start": [
            {"kind": "write", "label": {"en": "Write"}},
            {"kind": "article", "target": "not-published", "label": {"en": "Gone"}},
            {"kind": "link", "target": "https://shop.test/a", "label": {"en": "Shop"}},
        ],
    }
    browser.be(world.sol)
    await browser.patch(f"/channels/{world.site.id}", {"settings": {"look": look}})
    told = (await browser.get(path)).json()
    panel = (await browser.get(f"{path}/panel")).json()
    assert "border-radius" not in str(told)
    assert panel["own"] == ".bubble { border-radius: 2px }"
    assert [item["kind"] for item in panel["start"]] == ["write", "link"], "what is not published is left out"
    await browser.patch(f"/channels/{world.site.id}", {"settings": {"look": {"css": ".name { color: red }"}}})
    assert (await browser.get(path)).json()["more"] != told["more"]
    await browser.patch(f"/channels/{world.site.id}", {"settings": {"look": {"css": "", "start": []}}})
    assert (await browser.get(path)).json() == plain


async def test_a_look_is_tried_out_without_being_stored(world: World, browser: Browser) -> None:
    path = f"/channels/{world.site.id}/preview"
    body = {"settings": {"accent": "#0a0a40", "look": {"subtitle": {"en": "Soon"}}}, "scheme": "dark", "online": False}
    answer = await browser.be(world.sol).post(path, body)
    tried = answer.json()
    assert answer.status_code == 200
    assert tried["key"] == "preview", "no channel has this key, so nobody can be met by it"
    assert tried["preview"]["panel"]["subtitle"] == {"en": "Soon"}
    assert "color-scheme:dark" in tried["preview"]["panel"]["css"]
    assert tried["accent"].startswith("light-dark(#0a0a40,"), "with the shade that dark devices see"
    assert tried["availability"] == {"online": False, "agents": []}
    assert (await browser.post(path, {})).json()["availability"]["agents"], "shown with those there are"
    refused = await browser.post(path, {"settings": {"look": {"css": "@import 'x';"}}})
    assert (refused.status_code, refused.json()["code"]) == (422, "sheet-refused")
    async with world.database.reading() as reading:
        assert await reading.value("SELECT settings -> 'accent' FROM channel WHERE id = $1", world.site.id) is not None
    assert (await browser.get(f"/channels/{world.site.id}")).json()["revision"] == 1
    started = await browser.call("POST", "/widget/visitors", json={"channel": "preview"})
    assert started.status_code == 404
    assert (await browser.be(world.ada).post(path, {})).status_code == 403


async def test_what_comes_before_and_after_the_chat_is_tried_out_too(world: World, browser: Browser) -> None:
    path = f"/channels/{world.site.id}/preview"
    around = {"consent": {"en": "I agree."}, "consent_tick": True, "rating": True, "transcript": True}
    around |= {"asked": [{"what": "phone"}, {"what": "name", "required": True}]}

    async def at(moment: str) -> dict[str, Any]:
        answer = await browser.be(world.sol).post(path, {"settings": {"around": around}, "moment": moment})
        assert answer.json()["around"]
        return answer.json()["preview"]

    before, during, after = [await at(moment) for moment in ("before", "during", "after")]
    assert [each["what"] for each in before["before"]["questions"]] == ["phone", "name"], "in the order of the form"
    assert before["before"]["consent"]["text"] == {"en": "I agree."}
    assert before["over"] is during["over"] is None
    assert during["before"] == after["before"] == {"consent": None, "questions": []}
    assert after["over"] == {"episode": 1, "stars": None, "comment": None, "declined": False}
    assert after["transcript"] is None, "no mail goes out here, so visitors are offered none"
    assert not (await browser.get(f"/channels/{world.site.id}")).json()["settings"]["around"]["rating"], "not stored"


async def test_who_was_slower_is_told_and_overwrites_nothing(world: World, browser: Browser) -> None:
    path = f"/channels/{world.site.id}"
    browser.be(world.sol)
    read = (await browser.get(path)).json()
    first = await browser.patch(path, {"revision": read["revision"], "settings": {"look": {"header": "#102030"}}})
    assert first.json()["revision"] == read["revision"] + 1
    second = await browser.patch(path, {"revision": read["revision"], "settings": {"look": {"header": "#405060"}}})
    assert (second.status_code, second.json()["code"]) == (409, "channel-changed")
    assert (await browser.get(path)).json()["settings"]["look"]["header"] == "#102030"


async def test_a_channel_is_made_like_another(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    await browser.patch(f"/channels/{world.site.id}", {"settings": {"look": {"header": "#102030"}}})
    made = await browser.post("/channels", {"name": "Second", "like": str(world.site.id)})
    assert made.status_code == 201, made.text
    assert made.json()["settings"]["look"]["header"] == "#102030"
    assert made.json()["key"] != world.site.key
    unknown = await browser.post("/channels", {"name": "Third", "like": "00000000-0000-4000-8000-000000000000"})
    assert unknown.status_code == 404


async def test_an_own_picture_is_uploaded_shown_and_must_be_there(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    content = BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, "PNG")
    files = {"picture": ("logo.png", content.getvalue(), "image/png")}
    kept = await browser.call("POST", f"/channels/{world.site.id}/pictures", files=files)
    assert kept.status_code == 201, kept.text
    look = {"pictures": "own", "picture_id": kept.json()["id"]}
    assert (await browser.patch(f"/channels/{world.site.id}", {"settings": {"look": look}})).status_code == 200
    panel = (await browser.get(f"/widget/channels/{world.site.key}/panel")).json()
    assert kept.json()["url"] in panel["css"]
    look["picture_id"] = str(world.site.id)
    refused = await browser.patch(f"/channels/{world.site.id}", {"settings": {"look": look}})
    assert (refused.status_code, refused.json()["code"]) == (422, "picture-missing")
