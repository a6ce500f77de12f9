"""The people of the demo company, and their pictures, drawn rather than photographed: nobody is shown."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

COMPANY = "Fernwood Outdoor"
PASSWORD = "follow-the-fern"  # noqa: S105 - printed for everybody who tries the demo
SIDE = 256
SCALE = 4  # drawn larger and shrunk, for smooth edges


@dataclass(frozen=True)
class Person:
    """An agent. Colours: background, skin, hair, clothes."""

    short: str
    name: str
    email: str
    admin: bool
    locale: str
    colours: tuple[str, str, str, str]
    long_hair: bool
    tags: tuple[str, ...]


AGENTS = (
    Person("ines", "Ines Albrecht", "ines@fernwood.example", True, "de",
           ("#cfe3d4", "#e8b996", "#4a2f23", "#1f5c46"), True, ("orders", "german")),
    Person("tom", "Tom Okafor", "tom@fernwood.example", False, "en",
           ("#f3ddc1", "#8d5a3b", "#1d1715", "#b4552d"), False, ("gear", "english")),
    Person("lena", "Lena Brandt", "lena@fernwood.example", False, "de",
           ("#d5dff0", "#f2cdb0", "#c98b3f", "#2f4a7d"), True, ("returns", "german", "english")),
    Person("sam", "Sam Whitfield", "sam@fernwood.example", False, "en",
           ("#ead7e6", "#d9a47e", "#6b6b70", "#6a3d63"), False, ("gear", "orders", "english")),
)  # fmt: skip

TEAMS = {"gear": ("Gear advice", ("tom", "sam")), "orders": ("Orders and returns", ("ines", "lena", "sam"))}


def portrait(person: Person) -> bytes:
    """A simple face as PNG, 256 x 256."""
    background, skin, hair, clothes = person.colours
    image = Image.new("RGB", (SIDE * SCALE, SIDE * SCALE), background)
    draw = ImageDraw.Draw(image)

    def oval(left: int, top: int, right: int, bottom: int, colour: str) -> None:
        draw.ellipse([each * SCALE for each in (left, top, right, bottom)], fill=colour)

    if person.long_hair:
        oval(66, 48, 190, 216, hair)
    oval(38, 186, 218, 340, clothes)
    draw.rectangle([each * SCALE for each in (110, 150, 146, 204)], fill=skin)
    oval(104, 186, 152, 216, skin)
    oval(80, 62, 176, 182, skin)
    draw.pieslice([each * SCALE for each in (74, 44, 182, 150)], 180, 360, fill=hair)
    oval(102, 112, 112, 122, "#2b2320")
    oval(144, 112, 154, 122, "#2b2320")
    draw.arc([each * SCALE for each in (106, 122, 150, 158)], 20, 160, fill="#7a3b2e", width=4 * SCALE)
    out = io.BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()
