"""axe-core on whatever a page shows now, in each of its frames."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.async_api import Frame, Page

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async (tags) => {
    await Promise.allSettled(document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity)
        .map((one) => one.finished));
    const found = await axe.run(document, {
        runOnly: { type: "tag", values: tags }, iframes: false, resultTypes: ["violations"],
    });
    return found.violations.flatMap((rule) =>
        rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} ${node.html.slice(0, 160)} ${node.any
            .concat(node.all, node.none).map((check) => check.message).join("; ")}`));
}"""


class Audit:
    """Collects what is wrong over many states, so that one run tells everything."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.states = 0

    async def check(self, page: Page, state: str) -> None:
        """Look at what is there now."""
        self.states += 1
        for frame in page.frames:
            self.found += [f"[{state}] {violation}" for violation in await violations(frame)]

    def passed(self, states: int) -> None:
        """Fail with everything that was found, or if fewer states were seen than there are."""
        assert not self.found, f"{len(self.found)} violations\n" + "\n".join(self.found)
        assert self.states >= states


async def violations(frame: Frame) -> list[str]:
    """What axe finds in one document."""
    if not await frame.evaluate("'axe' in window"):
        await frame.evaluate(_source())
    found: list[str] = await frame.evaluate(RUN, TAGS)
    return found


@cache
def _source() -> str:
    assert AXE.exists(), "axe-core is not installed: run npm ci in web/, or bin/check."
    return AXE.read_text()
