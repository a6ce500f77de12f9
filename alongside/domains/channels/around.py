"""How the settings of what happens around a chat change. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import UNSET, structs

from alongside.domains.channels.around_schemas import AroundChat, Asked, EditAroundChat
from alongside.kit.text import clean_line, clean_text
from alongside.platform.errors import Invalid

LABEL_CHARS = 80
HELP_CHARS = 300


def changed_around(current: AroundChat, change: EditAroundChat) -> AroundChat:
    """As it is after a change. Another wording of the consent is another version.

    Raises `Invalid` for a tick without a text, and for questions that are doubled or too long.
    """
    given = {name: value for name, value in structs.asdict(change).items() if value is not UNSET}
    if "consent" in given:
        given["consent"] = _texts(given["consent"])
    if "asked" in given:
        given["asked"] = [_asked(each) for each in given["asked"]]
        if len({each.what for each in given["asked"]}) < len(given["asked"]):
            raise Invalid("asked-twice", "The same is asked twice. Take one of the two away.")
    changed = structs.replace(current, **given)
    if changed.consent_tick and not changed.consent:
        raise Invalid("consent-missing", "Write the text that visitors agree to, or do not ask for the tick.")
    if changed.consent != current.consent:
        changed = structs.replace(changed, consent_version=current.consent_version + 1)
    return changed


def require_askable(around: AroundChat, keys: Collection[str]) -> None:
    """Raises `Invalid` for a field that no page may set: what visitors say of it would be kept nowhere."""
    for each in around.asked:
        kind, _, key = each.what.partition(":")
        if kind == "field" and key not in keys:
            raise Invalid(
                "asked-field-unknown",
                f"The field “{key}” cannot be asked for: allow it to be set by a page without a signature first.",
                what=each.what,
            )


def _asked(asked: Asked) -> Asked:
    label = {tag: clean_line(text, LABEL_CHARS + 1) for tag, text in asked.label.items()}
    helps = {tag: clean_line(text, HELP_CHARS + 1) for tag, text in asked.help.items()}
    if any(len(text) > LABEL_CHARS for text in label.values()) or any(
        len(text) > HELP_CHARS for text in helps.values()
    ):
        raise Invalid(
            "asked-too-long", f"A question has at most {LABEL_CHARS} characters, its help at most {HELP_CHARS}."
        )
    return structs.replace(asked, label=_texts(label), help=_texts(helps))


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    cleaned = {tag: clean_text(text) for tag, text in texts.items()}
    return {tag: text for tag, text in cleaned.items() if text}
