"""The detector is shown to work before anything is believed of it: rules, themes, frames, and the count of states."""

from __future__ import annotations

import pytest

from tests.e2e.api import Api
from tests.e2e.axe.audit import Audit, violations
from tests.e2e.cast import ADMIN, Cast
from tests.e2e.site import Site, snippet

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# Black on dark grey, where the page of the console or of the widget is dark; black on white where it is not.
ONLY_IN_THE_DARK = """(into) => {
    const pale = document.createElement("p");
    pale.id = "pale";
    pale.textContent = "Only pale in the dark";
    pale.style.cssText = "position:fixed;top:0;left:0;z-index:9;color:#000;background:light-dark(#fff,#222)";
    document.querySelector(into).append(pale);
}"""


async def test_a_defect_of_each_kind_is_found(cast: Cast, site: Site) -> None:
    page, _ = await cast.page(await cast.browser())
    await page.goto(site.page("/", '<img src="data:,"><p style="color:#ccc;background:#fff">Pale</p><button></button>'))
    found = " ".join(await violations(page.main_frame))
    assert {"image-alt", "color-contrast", "button-name"} <= {word.rstrip(":") for word in found.split()}
    audit = Audit("narrow")
    await audit.check(page, "seen")
    with pytest.raises(AssertionError, match=r"\[seen\] image-alt"):
        audit.passed(states=1)
    audit.found.clear()
    with pytest.raises(AssertionError):
        audit.passed(states=2)


async def test_what_is_wrong_only_in_the_dark_is_found_in_console_widget_and_frame(
    cast: Cast, api: Api, site: Site
) -> None:
    audit = Audit()
    ines = await cast.agent(ADMIN, **audit.options)
    await ines.page.evaluate(ONLY_IN_THE_DARK, "body")
    await audit.check(ines.page, "console")
    key = api.channel("Shop with a pale line")["key"]
    visitor = await cast.visitor(path=site.page("/", snippet(cast.product.url, key)), **audit.options)
    await visitor.open()
    await visitor.page.frames[1].evaluate(ONLY_IN_THE_DARK, "main")
    await audit.check(visitor.page, "widget")
    pale = [one for one in audit.found if "color-contrast: #pale " in one]
    assert [one.partition(" color-contrast: ")[0] for one in pale] == ["[console, dark]", "[widget, dark]"]
    assert audit.found == pale
