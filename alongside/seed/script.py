"""The language in which the demo's conversations are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Do = Literal["visitor", "agent", "note", "take", "team", "status"]

SHOP = "https://fernwood.example"


@dataclass(frozen=True)
class Step:
    """One thing that happens, `after` minutes after the one before. `who` is an agent's or a team's short name."""

    do: Do
    text: str
    after: float
    who: str = ""
    then_done: bool = False


@dataclass(frozen=True)
class Browser:
    """What a visitor came with."""

    user_agent: str
    screen: str


@dataclass(frozen=True)
class Story:
    """A visitor and their conversation. `ago` is how many hours before now its last step happened."""

    name: str
    email: str
    language: str
    ago: float
    page: tuple[str, str]
    browser: Browser
    steps: tuple[Step, ...]
    verified: bool = False
    referrer: str = ""
    seen: bool = True


def visitor(text: str, after: float = 1.0) -> Step:
    """The visitor writes."""
    return Step("visitor", text, after)


def agent(who: str, text: str, after: float = 2.0, *, done: bool = False) -> Step:
    """An agent answers; with `done` the conversation is finished by it."""
    return Step("agent", text, after, who, done)


def note(who: str, text: str, after: float = 1.0) -> Step:
    """An agent writes a note for colleagues."""
    return Step("note", text, after, who)


def take(who: str, after: float = 1.0) -> Step:
    """The conversation is assigned to an agent."""
    return Step("take", "", after, who)


def team(who: str, by: str, after: float = 1.0) -> Step:
    """Agent `by` hands the conversation to a team."""
    return Step("team", by, after, who)


def status(who: str, to: str, after: float = 1.0) -> Step:
    """An agent sets the status."""
    return Step("status", to, after, who)


MAC = Browser(
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Safari/605.1.15",
    "1512x982",
)
WINDOWS = Browser(
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "1920x1080",
)
FIREFOX = Browser("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "2560x1440")
IPHONE = Browser(
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1",
    "393x852",
)
ANDROID = Browser(
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Mobile Safari/537.36",
    "412x915",
)

HOME = ("/", "Fernwood Outdoor: made for weather")
TENTS = ("/tents/birchlight-2", "Birchlight 2 tent | Fernwood Outdoor")
BOOTS = ("/boots/ridgewalker", "Ridgewalker hiking boot | Fernwood Outdoor")
PACKS = ("/packs/tarn-38", "Tarn 38 backpack | Fernwood Outdoor")
STOVES = ("/kitchen/ember-stove", "Ember camping stove | Fernwood Outdoor")
BAGS = ("/sleeping/hollow-down", "Hollow Down sleeping bag | Fernwood Outdoor")
JACKETS = ("/jackets/sleet-shell", "Sleet Shell jacket | Fernwood Outdoor")
CART = ("/cart", "Your basket | Fernwood Outdoor")
ORDERS = ("/account/orders", "Your orders | Fernwood Outdoor")
RETURNS = ("/help/returns", "Returns and exchanges | Fernwood Outdoor")
