"""Which colours can be read on each other: WCAG 2.2, 1.4.3 for text and 1.4.11 for what is pressed. Pure."""

from __future__ import annotations

WHITE = "#ffffff"
BLACK = "#000000"

# The grounds of the panel, as web/apps/widget/src/panel/panel.css has them.
LIGHT_GROUND = "#ffffff"
DARK_GROUND = "#17181b"

TEXT_CONTRAST = 4.5
SHAPE_CONTRAST = 3.0


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio, 1 to 21, of two `#rrggbb`."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def text_on(colour: str) -> str:
    """White where it reads well, else black: on any colour one of them does."""
    return WHITE if contrast(colour, WHITE) >= TEXT_CONTRAST else BLACK


def grounds(theme: str) -> list[str]:
    """What the panel of a theme is painted on; the first is the one that a choice of colours is held against."""
    return {"light": [LIGHT_GROUND], "dark": [DARK_GROUND]}.get(theme, [LIGHT_GROUND, DARK_GROUND])


def stands_out(colour: str, ground: str) -> bool:
    """Whether a button of this colour can be told from the ground."""
    return contrast(colour, ground) >= SHAPE_CONTRAST


def visible(colour: str, ground: str) -> str:
    """`colour`, moved away from the ground just as far as a button on it needs."""
    away = BLACK if contrast(ground, BLACK) > contrast(ground, WHITE) else WHITE
    for percent in range(101):
        moved = _mixed(colour, away, percent)
        if stands_out(moved, ground):
            return moved
    return away


def _mixed(colour: str, other: str, percent: int) -> str:
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{(one * (100 - percent) + two * percent) // 100:02x}" for one, two in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
