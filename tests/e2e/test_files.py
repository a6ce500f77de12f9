"""Pictures, sounds and files from both sides: chosen, pasted, dropped, cut in the middle, cancelled, refused."""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, CDPSession, FrameLocator, Locator, Page, Route, expect

from tests.e2e.api import Api
from tests.e2e.cast import Agent, Cast, Visitor, told
from tests.e2e.product import Product
from tests.e2e.site import Site, snippet
from tests.e2e.stage import BUDGETS
from tests.files.media import wav
from tests.files.pictures import picture
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

PDF = b"%PDF-1.7\n" + bytes(300_000)
LARGE_BYTES = 200_000_000
HELD_FROM = 2_000_000


def file(name: str, media_type: str, content: bytes) -> Any:
    return {"name": name, "mimeType": media_type, "buffer": content}


def written(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """Large ones are given as paths: through the driver they would take their time."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


async def choose(where: Page | FrameLocator, *files: Any) -> None:
    await where.locator("footer input[type=file]").last.set_input_files(list(files))


def tray(where: Page | FrameLocator) -> Locator:
    return where.get_by_role("list", name="Files for this message").get_by_role("listitem")


async def whole(where: Page | FrameLocator, count: int) -> None:
    await expect(where.locator("li.done")).to_have_count(count)


async def shown(image: Locator) -> None:
    """A picture that has arrived."""
    await expect(image).to_be_visible()
    await until(lambda: image.evaluate("(image) => image.complete && image.naturalWidth > 0"), what="a picture")


async def talk(cast: Cast, name: str) -> tuple[Visitor, Agent]:
    visitor, agent = await cast.visitor(name), await cast.agent()
    await visitor.open()
    await visitor.say("Hello")
    await agent.open(name)
    return visitor, agent


async def test_files_travel_both_ways(cast: Cast) -> None:
    visitor, tom = await talk(cast, "Fay Files")
    await tom.folder("All")
    await choose(
        visitor.panel,
        file("seam.png", "image/png", picture(size=(900, 600))),
        file("receipt.pdf", "application/pdf", PDF),
    )
    await whole(visitor.panel, 2)
    await visitor.write("The seam came apart")
    await shown(visitor.panel.locator("li.message img"))
    await expect(tray(visitor.panel)).to_have_count(0)
    await shown(tom.thread.get_by_role("img", name="seam.png"))
    async with tom.page.expect_download() as download:
        await tom.thread.get_by_role("link", name=re.compile("receipt.pdf")).click()
    assert read(await (await download.value).path()) == PDF
    assert (await download.value).suggested_filename == "receipt.pdf"

    await choose(tom.page, file("voice.wav", "audio/wav", wav(1)), file("how.png", "image/png", picture()))
    await whole(tom.page, 2)
    await tom.field.press("Enter")  # files need no text
    await expect(tom.row("Fay Files")).to_contain_text("Audio")
    await shown(visitor.panel.get_by_role("img", name="how.png"))
    audio = visitor.panel.locator("audio")
    await expect(audio).to_have_js_property("duration", 1)
    entries = await tom.log()
    assert [[each["kind"] for each in entry["attachments"]] for entry in entries] == [
        [],
        ["image", "file"],
        ["audio", "image"],
    ]
    await visitor.reload()
    await shown(visitor.panel.get_by_role("img", name="how.png"))


async def test_pictures_are_looked_at_by_keyboard(cast: Cast) -> None:
    _, tom = await talk(cast, "Lia Lightbox")
    await choose(tom.page, *(file(f"{number}.png", "image/png", picture()) for number in (1, 2, 3)))
    await whole(tom.page, 3)
    await tom.reply("Three of them")
    await expect(tom.bubbles.last).to_have_attribute("data-seq", re.compile(r"\d+"))
    second = tom.thread.get_by_role("button", name="Open the picture 2.png")
    await second.press("Enter")
    await shown(tom.page.get_by_role("dialog", name="2.png").get_by_role("img"))
    await tom.page.keyboard.press("ArrowRight")
    await expect(tom.page.get_by_role("dialog", name="3.png")).to_contain_text("3 of 3")
    await tom.page.keyboard.press("Escape")
    await expect(tom.page.get_by_role("dialog")).to_have_count(0)
    await expect(second).to_be_focused()


GIVE = """([element, how, name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, { type: "text/plain" }));
    const init = { bubbles: true, cancelable: true };
    const events = how === "paste"
        ? [new ClipboardEvent("paste", { ...init, clipboardData: data })]
        : ["dragenter", "dragover", "drop"].map((kind) => new DragEvent(kind, { ...init, dataTransfer: data }));
    for (const event of events) element.dispatchEvent(event);
}"""


async def give(element: Locator, how: str, name: str) -> None:
    await element.evaluate(f"(element, given) => ({GIVE})([element, ...given])", [how, name, f"what {name} holds"])


async def test_files_are_pasted_and_dropped(cast: Cast) -> None:
    visitor, tom = await talk(cast, "Pat Paste")
    await give(tom.field, "paste", "pasted.txt")
    await give(tom.thread, "drop", "dropped.txt")
    await expect(tray(tom.page)).to_contain_text(["pasted.txt", "dropped.txt"])
    await whole(tom.page, 2)
    await tom.reply("Both")
    await expect(visitor.panel.locator(".file")).to_contain_text(["pasted.txt", "dropped.txt"])
    await give(visitor.field, "paste", "mine.txt")
    await give(visitor.panel.get_by_role("region", name="Conversation"), "drop", "mine-too.txt")
    await whole(visitor.panel, 2)
    await visitor.write("Mine")
    await expect(tom.thread.locator(".file")).to_contain_text(["pasted.txt", "dropped.txt", "mine.txt", "mine-too.txt"])


async def test_a_voice_message_and_a_photo_are_taken_at_the_desk(cast: Cast) -> None:
    visitor = await cast.visitor("Vic Voice")
    await visitor.open()
    await visitor.say("Hello")
    tom = await cast.agent(permissions=["microphone", "camera"])
    await tom.open("Vic Voice")
    page = tom.page
    dialog = page.get_by_role("dialog")
    await page.get_by_role("button", name="Audio").click()
    await page.get_by_role("menuitem", name="Record a voice message").click()
    await dialog.get_by_role("button", name="Record").click()
    await expect(dialog.get_by_role("timer")).to_contain_text(re.compile("0:0[1-9]|0:[1-9]|[1-9]:"))
    await dialog.get_by_role("button", name="Stop").click()
    await expect(dialog.locator("audio")).to_be_visible()
    await dialog.get_by_role("button", name="Attach").click()
    await expect(dialog).to_have_count(0)
    await page.get_by_role("button", name="Image").click()
    await page.get_by_role("menuitem", name="Take a photo").click()
    await expect(dialog.locator("video")).to_have_js_property("readyState", 4)
    await dialog.get_by_role("button", name="Take the photo").click()
    await expect(dialog.get_by_role("img", name="Photo")).to_be_visible()
    await dialog.get_by_role("button", name="Attach").click()
    await whole(page, 2)
    await tom.reply("Listen, and look")
    await expect(visitor.panel.locator("audio")).to_have_js_property("error", None)
    await shown(visitor.panel.locator(".picture img"))
    assert [each["kind"] for each in (await tom.log())[-1]["attachments"]] == ["audio", "image"]


async def test_what_is_refused_says_why_and_what_is_cancelled_goes(cast: Cast, tmp_path: Path) -> None:
    visitor, tom = await talk(cast, "Rex Refused")
    paths = written(
        tmp_path,
        {
            "empty.txt": b"",
            "huge.bin": bytes(20_000_001),
            "broken.png": b"\x89PNG\r\n\x1a\n" + bytes(50),
            "fine.txt": b"fine",
        },
    )
    await choose(visitor.panel, *paths)
    await expect(tray(visitor.panel)).to_contain_text(
        [
            "This file is empty.",
            "This file is too large: up to 20 MB are possible.",
            "This picture cannot be read.",
            "4 byte",
        ]
    )
    for name in ("empty.txt", "huge.bin", "broken.png"):
        await visitor.panel.get_by_role("button", name=f"Stop sending {name}").click()
    await visitor.panel.get_by_role("button", name="Take fine.txt away").click()
    await expect(tray(visitor.panel)).to_have_count(0)
    await visitor.say("Never mind")
    assert [entry["attachments"] for entry in await tom.log()] == [[], []]


async def test_an_upload_that_is_cut_goes_on_where_it_was(cast: Cast, tmp_path: Path) -> None:
    visitor, tom = await talk(cast, "Cora Cut")
    content = random.Random(7).randbytes(9_000_000)
    offsets: list[int] = []
    tom.page.on("request", lambda request: offsets.extend(_offset(request.method, request.url)))
    line, slow = await Line.of(tom.page), asyncio.Event()
    await tom.page.route(re.compile(r"/uploads/.*offset="), lambda route: _hold(route, slow))
    await choose(tom.page, *written(tmp_path, {"film.bin": content}))
    await tom.reply("Here it comes")  # goes out when the file is there
    await expect(tom.page.get_by_text("Goes out as soon as the files are there")).to_be_visible()
    await expect(tom.page.get_by_role("progressbar", name="How far film.bin has come")).to_be_visible()
    await tom.page.wait_for_function(f"() => document.querySelector('progress')?.value >= {HELD_FROM}")
    # So slow from here that it is cut in the middle of a part, however long that takes us.
    await line.run(bytes_per_second=50_000)
    held = await tom.page.evaluate("document.querySelector('progress').value")
    slow.set()
    await tom.page.wait_for_function("(held) => document.querySelector('progress')?.value > held", arg=held)
    await line.cut()
    await expect(tray(tom.page)).to_contain_text("Waiting for the connection")
    before = len(offsets)
    await line.run()
    await expect(visitor.panel.locator(".file")).to_contain_text("film.bin", timeout=60_000)
    await expect(tom.bubbles.last).to_contain_text("Here it comes")
    assert offsets == sorted(offsets), "never from the beginning again"
    assert offsets[before] > 0
    assert await _digest(tom) == hashlib.sha256(content).hexdigest()


async def test_a_channel_can_do_without_files(cast: Cast, api: Api, site: Site) -> None:
    channel = api.channel("Quiet shop")
    visitor = await cast.visitor(path=site.page("/", snippet(cast.product.url, channel["key"])))
    await visitor.open()
    button = visitor.panel.get_by_role("button", name="Attach files")
    await expect(button).to_be_visible()
    ines = await cast.agent("ines@fernwood.example")
    await ines.page.goto(f"{cast.product.url}/console/settings/channels/{channel['id']}?part=messages")
    section = ines.page.locator("section", has=ines.page.get_by_role("heading", name="Files from visitors"))
    await section.get_by_label("Largest file, in MB").fill("5")
    await section.get_by_label("Videos").uncheck()
    async with told(ines.page, "Channel saved"):
        await section.get_by_role("button", name="Save").click()
    settings = api("GET", f"/channels/{channel['id']}")["settings"]
    assert (settings["upload_megabytes"], settings["upload_kinds"]) == (5, ["image", "audio", "file"])
    await section.get_by_role("switch", name="Visitors may send files").click()
    await section.get_by_role("button", name="Save").click()
    await expect(button).to_have_count(0)
    await give(visitor.field, "paste", "refused.txt")
    await visitor.say("No file goes with this")


@pytest.fixture
def roomy() -> Iterator[Product]:
    """A product of the test's own that takes large files."""
    folder = Path(tempfile.mkdtemp(prefix="al-"))
    folder.chmod(0o755)
    product = Product(folder, **BUDGETS, max_upload_bytes=str(2 * LARGE_BYTES))
    product.run("seed")
    product.start()
    yield product
    product.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.deep
@pytest.mark.timeout(600)
async def test_two_hundred_megabytes_survive_a_cut_and_a_restart(
    roomy: Product, chromium: Browser, tmp_path: Path
) -> None:
    cast = Cast(roomy, chromium)
    Cast.signed_in.clear()
    visitor, tom = await talk(cast, "Lena Large")
    path = tmp_path / "film.bin"
    source, digest = random.Random(11), hashlib.sha256()
    with path.open("wb") as out:
        for _ in range(LARGE_BYTES // 1_000_000):
            piece = source.randbytes(1_000_000)
            digest.update(piece)
            out.write(piece)
    await tom.page.locator("footer input[type=file]").last.set_input_files(path)
    for stage in (60_000_000, 120_000_000):
        await tom.page.wait_for_function(f"() => document.querySelector('progress')?.value > {stage}", timeout=120_000)
        roomy.stop()
        await expect(tray(tom.page)).to_contain_text("Waiting for the connection")
        roomy.start()
    await expect(tom.page.locator("li.done")).to_have_count(1, timeout=240_000)
    await tom.reply("All of it")
    await expect(visitor.panel.locator(".file")).to_contain_text("200 MB", timeout=60_000)
    assert await _digest(tom) == digest.hexdigest()
    Cast.signed_in.clear()
    await cast.leave()


@dataclass
class Line:
    """A page's line to the server: slow enough to be cut in the middle of something."""

    session: CDPSession

    @classmethod
    async def of(cls, page: Page) -> Line:
        session = await page.context.new_cdp_session(page)
        await session.send("Network.enable")
        return cls(session)

    async def run(self, bytes_per_second: int = -1) -> None:
        await self._be(offline=False, bytes_per_second=bytes_per_second)

    async def cut(self) -> None:
        await self._be(offline=True, bytes_per_second=-1)

    async def _be(self, *, offline: bool, bytes_per_second: int) -> None:
        limits = {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
        await self.session.send("Network.emulateNetworkConditions", limits)


async def _hold(route: Route, slow: asyncio.Event) -> None:
    """Parts behind the first ones wait until the line is slow."""
    if _offset(route.request.method, route.request.url)[0] >= HELD_FROM:
        await slow.wait()
    await route.continue_()


def _offset(method: str, url: str) -> list[int]:
    found = re.search(r"/uploads/[\w-]+\?offset=(\d+)", url)
    return [int(found[1])] if method == "PATCH" and found else []


async def _digest(agent: Agent) -> str:
    """Of the last file of the open conversation, as it is fetched."""
    attachment = (await agent.log())[-1]["attachments"][-1]
    async with agent.page.expect_download() as download:
        await agent.thread.get_by_role("link", name=re.compile(re.escape(attachment["name"]))).last.click()
    return digest_of(await (await download.value).path())


def digest_of(path: Path) -> str:
    with path.open("rb") as saved:
        return hashlib.file_digest(saved, "sha256").hexdigest()


def read(path: Path) -> bytes:
    return path.read_bytes()
