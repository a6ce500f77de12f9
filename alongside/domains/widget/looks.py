"""From a channel's settings to what its widget is told.

The loader in the site's page gets little and does little: what differs from our own button comes as a few rules of CSS.
What only the panel needs is fetched by the panel, and only where there is something.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec import UNSET, structs

from alongside.domains.articles.schemas import HelpPageBrief
from alongside.domains.channels import colours
from alongside.domains.channels.look_schemas import OFFSET, Look
from alongside.domains.channels.schemas import Channel, ChannelSettings
from alongside.domains.reception.schemas import Before
from alongside.domains.transcripts.schemas import TranscriptNow
from alongside.domains.widget.around_schemas import Over
from alongside.domains.widget.look_schemas import (
    Availability,
    ButtonLook,
    ChannelLook,
    Gate,
    Moment,
    PanelLook,
    StartItem,
    TriedLook,
    UploadRules,
)

# The key of no channel: keys are letters in groups.
PREVIEW = "preview"

# As launcher.css has it.
NARROW = "@media(max-width:480px),(max-height:520px)"
# 24 by 24, drawn with a line. The loader brings the first itself.
ICONS = {
    "chat": "",
    "question": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.8M12 16.8v.1",
    "mail": "M4 6h16v12H4zM4 7.5l8 6 8-6",
    "headset": "M4 14v-2a8 8 0 0 1 16 0v2M4 14h3v5H5a1 1 0 0 1-1-1zM20 14h-3v5h2a1 1 0 0 0 1-1zM19 19c0 1.5-2 2-5 2",
    "heart": "M12 20s-8-4.7-8-10.4a4.3 4.3 0 0 1 8-2.2 4.3 4.3 0 0 1 8 2.2C20 15.3 12 20 12 20Z",
    "none": "",
}
LABELLED = (
    "button{width:auto;max-width:calc(100vw - 2*var(--x));padding:0 22px;border-radius:28px;grid-auto-flow:column;"
    "gap:10px;box-sizing:border-box;font:600 16px/1.2 system-ui,sans-serif}b{overflow:hidden;text-overflow:ellipsis}"
    ".open button{width:56px;padding:0}.open b{display:none}"
)


class Around(NamedTuple):
    """What a look tells besides the settings: who would answer, what may be sent, what there is to read, and when."""

    availability: Availability
    uploads: UploadRules | None
    help: bool
    edit_minutes: int
    pages: Sequence[HelpPageBrief]
    gate: Gate | None = None


def channel_look(channel: Channel, around: Around) -> ChannelLook:
    """What the loader is told."""
    settings = channel.settings
    panel = panel_look(settings, around.pages)
    accent, ink = accent_and_ink(settings.accent, settings.look.theme)
    return ChannelLook(
        key=channel.key,
        name=channel.name,
        accent=accent,
        ink=ink,
        position=settings.position,
        title=in_languages(settings.title, settings.look),
        greeting=in_languages(settings.greeting, settings.look),
        away=in_languages(settings.away, settings.look),
        privacy_url=settings.privacy_url,
        sound=settings.sound,
        help=around.help,
        uploads=around.uploads,
        around=settings.around.anything,
        typing_preview=settings.around.typing_preview,
        edit_minutes=around.edit_minutes,
        availability=around.availability,
        gate=around.gate,
        languages=languages(settings.look) or UNSET,
        button=button_look(settings.look) or UNSET,
        more=tag(panel) if panel else UNSET,
    )


class Trying(NamedTuple):
    """How settings are tried out: on a light or dark device, at a moment of a chat.

    `before` is what would be asked before it; `mails` says whether the server sends mail at all.
    """

    scheme: str
    moment: Moment
    before: Before
    mails: bool


def tried_look(channel: Channel, around: Around, trying: Trying) -> ChannelLook:
    """The same of settings that are only tried out. Its key is that of no channel: nobody can be met by it."""
    scheme, moment, before, mails = trying
    settings = channel.settings
    button = button_look(settings.look, scheme=scheme) or UNSET
    panel = panel_look(settings, around.pages, scheme=scheme) or PanelLook()
    rated = Over(episode=1, stars=None, comment=None, declined=False)
    mailed = TranscriptNow(episode=1, over=moment == "after", answered=True)
    preview = TriedLook(
        panel=panel,
        moment=moment,
        before=before if moment == "before" else Before(consent=None, questions=[]),
        over=rated if moment == "after" and settings.around.rating else None,
        transcript=mailed if mails and moment != "before" and settings.around.transcript else None,
    )
    look = channel_look(channel, around)
    return structs.replace(look, key=PREVIEW, gate=None, button=button, more=PREVIEW, preview=preview)


def in_languages(texts: Mapping[str, str], look: Look) -> dict[str, str]:
    """A text in every language that is offered, the default's where one lacks it; "en" is always there.

    Where the visitor's languages decide, the texts there are.
    """
    if not texts:
        return {}
    fallback = texts.get(look.default_language) or texts.get("en") or next(iter(texts.values()))
    if look.languages:
        return {language: texts.get(language) or fallback for language in look.languages}
    return {"en": fallback, **texts}


def languages(look: Look) -> list[str]:
    """What the widget may speak, the default first; empty where it speaks what the visitor's browser asks for."""
    return sorted(look.languages, key=lambda language: language != look.default_language)


def button_look(look: Look, *, scheme: str = "auto") -> ButtonLook | None:
    """How the button differs from ours; None where it does not. `scheme` as for the panel."""
    css = _offsets(look) + _scheme(scheme if look.theme == "auto" else look.theme, ":host", "!important")
    if look.icon == "none":
        css += ".shut .chat{display:none}"
    label = in_languages(look.label, look)
    if label:
        css += LABELLED
    button = ButtonLook(
        css=css or UNSET,
        icon=ICONS[look.icon] or UNSET,
        label=label or UNSET,
        words=_words(look, "loader.") or UNSET,
    )
    return button if button != ButtonLook() else None


def panel_look(settings: ChannelSettings, pages: Sequence[HelpPageBrief], *, scheme: str = "auto") -> PanelLook | None:
    """What the panel needs besides; None where it is as we ship it.

    `pages`: published articles among the start buttons. `scheme` tries out how a light or dark device
    shows it.
    """
    look = settings.look
    theme = scheme if look.theme == "auto" else look.theme
    panel = PanelLook(
        css=_panel_css(look, theme),
        own=look.css,
        subtitle=in_languages(look.subtitle, look),
        words=_words(look, ""),
        start=_start(look, {page.slug: page for page in pages}),
    )
    return None if panel == PanelLook() and not look.languages else panel


def tag(panel: PanelLook) -> str:
    """Changes whenever the panel's look does."""
    return hashlib.sha256(msgspec.json.encode(panel)).hexdigest()[:8]


def slugs(look: Look) -> list[str]:
    """The articles that the start screen opens."""
    return [button.target for button in look.start if button.kind == "article"]


def _offsets(look: Look) -> str:
    wide = f"div{{--x:{look.offset_x}px;--y:{look.offset_y}px}}"
    css = "" if (look.offset_x, look.offset_y) == (OFFSET, OFFSET) else wide
    if look.narrow_x is None and look.narrow_y is None:
        return css
    x = look.offset_x if look.narrow_x is None else look.narrow_x
    y = look.offset_y if look.narrow_y is None else look.narrow_y
    return f"{css}{NARROW}{{div{{--x:{x}px;--y:{y}px}}}}"


def _scheme(theme: str, root: str, importance: str = "") -> str:
    return "" if theme == "auto" else f"{root}{{color-scheme:{theme}{importance}}}"


def _panel_css(look: Look, theme: str) -> str:
    css = _scheme(theme, ":root")
    for name, colour in (("header", look.header), ("bubble", look.bubble)):
        if colour:
            css += f":root{{--{name}:{colour};--on-{name}:{colours.text_on(colour)}}}"
    if look.pictures == "none":
        css += ".faces,.face{display:none}.message{padding-inline-start:0}"
    if look.pictures == "own":
        picture = f"url(/files/{look.picture_id}/picture.webp) center/cover"
        css += f".faces,.face img{{display:none}}.face{{background:{picture};color:transparent}}"
        css += f'header::before{{content:"";flex:none;width:40px;height:40px;border-radius:50%;background:{picture}}}'
    return css


def accent_and_ink(accent: str, theme: str) -> tuple[str, str]:
    """The accent and what is written on it, as CSS has colours.

    With another shade for the ground that it was not chosen for, where it would be lost on it.
    """
    _, *other = colours.grounds(theme)
    if not other or colours.stands_out(accent, other[0]):
        return accent, colours.text_on(accent)
    shade = colours.visible(accent, other[0])
    ink, other_ink = colours.text_on(accent), colours.text_on(shade)
    return f"light-dark({accent},{shade})", ink if ink == other_ink else f"light-dark({ink},{other_ink})"


def _words(look: Look, prefix: str) -> dict[str, dict[str, str]]:
    """Overridden words by language: the loader's, or with an empty prefix the panel's."""
    found: dict[str, dict[str, str]] = {}
    for language, words in look.words.items():
        for name, text in words.items():
            if prefix and name.startswith(prefix):
                found.setdefault(language, {})[name.removeprefix(prefix)] = text
            elif not prefix and not name.startswith("loader."):
                found.setdefault(language, {})[name.removeprefix("panel.")] = text
    if not prefix:
        for language, text in in_languages(look.placeholder, look).items():
            found.setdefault(language, {})["write"] = text
    offered = set(look.languages)
    return {language: words for language, words in found.items() if not offered or language in offered}


def _start(look: Look, pages: Mapping[str, HelpPageBrief]) -> list[StartItem]:
    """The buttons in order; one to an article that is not published (any more) is left out."""
    items = []
    for button in look.start:
        page = pages.get(button.target)
        if button.kind == "article" and page is None:
            continue
        label = in_languages(button.label, look) or ({"en": page.title} if page else {})
        items.append(StartItem(kind=button.kind, label=label, target=button.target))
    return items
