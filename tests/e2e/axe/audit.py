"""axe-core on whatever a page shows now, in each of its frames: wide in both themes and English, narrow in German."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.async_api import Frame, Page

AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
EVERY_RULE = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# What another theme can change: no other rule of these looks at a colour.
RULES_OF_COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
FRAMES_TO_TURN = 600
RUN = """async ({ runOnly, dark, follows, frames }) => {
    const turned = () => matchMedia("(prefers-color-scheme: dark)").matches === dark;
    do await new Promise(requestAnimationFrame);
    while (follows && !turned() && frames-- > 0);
    if (follows && !turned()) return ["theme: this document does not follow the system's"];
    await new Promise(requestAnimationFrame);  // by now what listens for the theme has heard of it
    for (;;) {  // what comes to rest may set off what inherits from it
        const moving = document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity);
        if (moving.length === 0) break;
        await Promise.allSettled(moving.map((one) => one.finished));
        await new Promise(requestAnimationFrame);
    }
    const found = await axe.run(document, { runOnly, iframes: false, resultTypes: ["violations"] });
    return found.violations.flatMap((rule) =>
        rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} ${node.html.slice(0, 160)} ${node.any
            .concat(node.all, node.none).map((check) => check.message).join("; ")}`));
}"""

# Colours are measured at rest.
CALM = {"reduced_motion": "reduce"}
LOOKS: dict[str, dict[str, Any]] = {
    "wide": CALM,
    "narrow": CALM | {"viewport": {"width": 320, "height": 640}, "locale": "de-DE"},
}


class Audit:
    """Collects what is wrong over many states, so that one run tells everything."""

    def __init__(self, look: str = "wide") -> None:
        self.look = look
        self.options = LOOKS[look]
        self.language = "de" if "locale" in self.options else "en"
        self.found: list[str] = []
        self.states = 0

    @property
    def demo(self) -> str:
        """The demo shop in the language of this look."""
        return "/demo/de/" if self.language == "de" else "/demo/"

    async def check(self, page: Page, state: str) -> None:
        """Look at what is there now; where there is room, in the other theme too."""
        self.states += 1
        await self._find(page, state)
        if self.look == "wide":
            await page.emulate_media(color_scheme="dark")
            await self._find(page, f"{state}, dark", dark=True)
            await page.emulate_media(color_scheme="light")

    def passed(self, states: int) -> None:
        """Fail with everything that was found, or if other states were seen than there are."""
        assert not self.found, f"{len(self.found)} violations\n" + "\n".join(self.found)
        assert self.states == states

    async def _find(self, page: Page, state: str, *, dark: bool = False) -> None:
        for frame in page.frames:
            self.found += [f"[{state}] {violation}" for violation in await violations(frame, dark=dark)]


async def violations(frame: Frame, *, dark: bool = False) -> list[str]:
    """What axe finds in one document: by every rule, or in the dark by those of colour."""
    if frame.parent_frame and not await (await frame.frame_element()).is_visible():
        return []  # nobody meets it, and it never gets to draw
    if not await frame.evaluate("'axe' in window"):
        await frame.evaluate(_source())
    rules = RULES_OF_COLOUR if dark else EVERY_RULE
    wanted = {"runOnly": rules, "dark": dark, "follows": _follows(frame), "frames": FRAMES_TO_TURN}
    found: list[str] = await frame.evaluate(RUN, wanted)
    return found


def _follows(frame: Frame | None) -> bool:
    """Whether a document has the theme of the system. The preview of a channel's look has one to choose."""
    while frame:
        if frame.url.endswith("/widget/preview"):
            return False
        frame = frame.parent_frame
    return True


@cache
def _source() -> str:
    assert AXE.exists(), "axe-core is not installed: run npm ci in web/, or bin/check."
    return AXE.read_text()
