"""A change of the look, judged: what cannot be read, reached or pressed is refused with what would do. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import UNSET, structs

from alongside.domains.channels import colours, sheet
from alongside.domains.channels.addresses import web_address
from alongside.domains.channels.look_schemas import EditLook, LanguageWords, Look, StartButton
from alongside.kit.text import clean_line, clean_text
from alongside.platform.errors import Invalid

LABEL_CHARS = 60
SLUG = re.compile(r"[a-z0-9-]{1,200}")


def changed_look(current: Look, change: EditLook) -> Look:
    """The look after a change. Raises `Invalid` for what cannot be used, naming where it stands."""
    given = {name: value for name, value in structs.asdict(change).items() if value is not UNSET}
    for name in ("header", "bubble"):
        if given.get(name):
            given[name] = given[name].lower()
    for name in ("label", "subtitle", "placeholder"):
        if name in given:
            given[name] = _lines(given[name])
    if "languages" in given:
        given["languages"] = list(dict.fromkeys(given["languages"]))
    if "words" in given:
        given["words"] = {tag: kept for tag, words in given["words"].items() if (kept := _words(words))}
    if "start" in given:
        given["start"] = [_button(button, place) for place, button in enumerate(change.start or [], 1)]
    if "css" in given:
        given["css"] = sheet.accept(given["css"])
    look = structs.replace(current, **given)
    _require_whole(look)
    return look


def accepted_accent(accent: str, theme: str) -> str:
    """The accent, if a button of it stands out from the panel. Raises `Invalid` with a colour that does."""
    accent, ground = accent.lower(), colours.grounds(theme)[0]
    if not colours.stands_out(accent, ground):
        suggestion = colours.visible(accent, ground)
        kind = "darker" if ground == colours.LIGHT_GROUND else "lighter"
        raise Invalid(
            "accent-unreadable",
            f"Buttons in {accent} are hard to see on the panel. In {suggestion}, a little {kind}, they are not.",
            suggestion=suggestion,
        )
    return accent


def _require_whole(look: Look) -> None:
    if look.languages and look.default_language not in look.languages:
        raise Invalid("default-language-not-offered", "The default language must be one of the languages offered.")
    if look.icon == "none" and not look.label:
        raise Invalid("button-empty", "A button without an icon needs a text.")
    if look.pictures == "own" and look.picture_id is None:
        raise Invalid("picture-missing", "Upload the picture to show, or show the agents' pictures.")


def _button(button: StartButton, place: int) -> StartButton:
    label = _lines(button.label)
    if not label and button.kind in ("write", "link"):
        raise Invalid("start-label-missing", f"Button {place} of the start screen needs a text.", button=place)
    target = ""
    if button.kind == "link":
        target = web_address(button.target, "start-link-malformed", "https://example.com/returns") or ""
        if not target:
            raise Invalid("start-link-malformed", f"Button {place} of the start screen needs an address.", button=place)
    if button.kind == "article":
        target = button.target.strip()
        if not SLUG.fullmatch(target):
            raise Invalid("start-article-missing", f"Choose the article of button {place}.", button=place)
    return StartButton(kind=button.kind, label=label, target=target)


def _lines(texts: Mapping[str, str]) -> dict[str, str]:
    cleaned = {language: clean_line(text, 500) for language, text in texts.items()}
    return {language: text for language, text in cleaned.items() if text}


def _words(words: LanguageWords) -> dict[str, str]:
    cleaned = {name: clean_text(text) for name, text in words.items()}
    return {name: text for name, text in cleaned.items() if text}
