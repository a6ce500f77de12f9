"""Files of a chat link: those of its conversation as long as it holds, and no others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from alongside.domains.chatlinks.logic import Signer
from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.files.queries import Place
from alongside.domains.files.schemas import Attachment
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.workspace import queries as workspace
from alongside.kit.ids import new_client_id
from alongside.platform.storage import Storage
from tests.chatlinks.guest import Guest, make
from tests.files.pictures import picture
from tests.files.uploading import attach
from tests.integrations.program import Program
from tests.world import Browser, World

PAGE = b"<script>alert(1)</script>"


async def send(world: World, file: Attachment, kind: str = "message") -> int:
    """Ada sends it; the number of the entry."""
    draft = Draft(new_client_id(), "", "note" if kind == "note" else "message", attachments=[file.id])
    return (await messages.post(world.database, world.ada.actor, world.conversation_id, draft, 4000)).seq


async def get(browser: Browser, url: str, **headers: str) -> httpx.Response:
    """As the page's pictures and players do: without cookie, without secret."""
    browser.client.cookies.clear()
    return await browser.client.get(url, headers=headers)


async def files_of(guest: Guest) -> list[dict[str, Any]]:
    opened = (await guest.call("GET")).json()
    return [file for line in opened["newest"]["lines"] for file in line["files"]]


async def test_files_of_its_conversation_are_shown_and_served_inert(
    browser: Browser, program: Program, world: World, storage: Storage
) -> None:
    await send(world, await attach(world, storage, world.ada.actor, picture(), "photo.png"))
    await send(world, await attach(world, storage, world.ada.actor, PAGE, "x.html"), "note")
    guest = Guest(browser, (await make(program, world))["url"])
    photo, page = await files_of(guest)
    assert (photo["kind"], photo["name"], page["kind"], page["name"]) == ("image", "photo.png", "file", "x.html")
    assert photo["width"] and photo["height"] and page["thumbnail_url"] is None and page["bytes"] == len(PAGE)
    assert guest.secret not in str([photo, page])

    small = await get(browser, photo["thumbnail_url"])
    assert (small.status_code, small.headers["content-type"]) == (200, "image/webp")
    whole = await get(browser, photo["url"])
    assert whole.headers["content-disposition"].startswith("inline")
    answer = await get(browser, page["url"])
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer.headers["content-type"] == "application/octet-stream"
    for each in (small, whole, answer):
        assert each.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert (each.headers["x-content-type-options"], each.headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert answer.headers["content-disposition"].startswith("attachment")
    part = await get(browser, page["url"], range="bytes=1-6")
    assert (part.status_code, part.content) == (206, PAGE[1:7])
    assert (await get(browser, photo["url"] + "&download")).headers["content-disposition"].startswith("attachment")


async def test_no_other_file_is_reached(browser: Browser, program: Program, world: World, storage: Storage) -> None:
    """Not another conversation's, not a ticket's or text block's, not one that is not sent; nor by another link."""
    own = await attach(world, storage, world.ada.actor, PAGE, "own.bin")
    await send(world, own)
    guest = Guest(browser, (await make(program, world))["url"])
    [file] = await files_of(guest)
    unsent = await attach(world, storage, world.ada.actor, PAGE, "unsent.bin")
    block = await attach(world, storage, world.sol.actor, PAGE, "block.bin", place=Place())
    other = await _somebody_elses(world, storage)
    async with world.database.reading() as reading:
        signer = Signer(await workspace.link_key(reading), UUID(guest.path.rpartition("/")[2]))
    for foreign in (unsent, block, other):
        assert (await get(browser, file["url"].replace(str(own.id), str(foreign.id)))).status_code == 404
        assert (await get(browser, signer.file(foreign).url)).status_code == 404, "not even where it is signed"
    assert (await get(browser, signer.file(own).url)).status_code == 200

    second = Guest(browser, (await make(program, world))["url"])
    [same] = await files_of(second)
    assert same["url"] != file["url"], "an address is of one link"
    link_of = {guest.path: file["url"], second.path: same["url"]}
    ids = [path.rpartition("/")[2] for path in link_of]
    assert (await get(browser, file["url"].replace(ids[0], ids[1]))).status_code == 404
    for broken in ("", "x", "ä"):
        assert (await get(browser, file["url"].rpartition("=")[0] + f"={broken}")).status_code == 404
    assert (await get(browser, file["url"].replace("/content", "/secret"))).status_code == 404
    assert (await get(browser, file["url"].replace("/content", "/thumbnail"))).status_code == 404, "it is no picture"
    assert (await get(browser, file["url"].partition("?")[0])).status_code == 400


@pytest.mark.parametrize("how", ["revoked", "expired", "agent gone", "key revoked", "deleted"])
async def test_addresses_end_with_the_link_and_the_message(
    browser: Browser, program: Program, world: World, storage: Storage, how: str
) -> None:
    seq = await send(world, await attach(world, storage, world.ada.actor, PAGE, "own.bin"))
    link = await make(program, world)
    guest = Guest(browser, link["url"])
    [file] = await files_of(guest)
    assert (await get(browser, file["url"])).status_code == 200
    if how == "revoked":
        assert (await program.call("DELETE", f"/chat-links/{link['id']}")).status_code == 204
    elif how == "deleted":
        path = f"/conversations/{world.conversation_id}/entries/{seq}"
        assert (await browser.be(world.ada).delete(path)).status_code == 200
        assert await files_of(guest) == []
    else:
        async with world.database.work() as work:
            await work.run(
                {
                    "expired": "UPDATE chat_link SET created_at = now() - interval '2 h', "
                    "expires_at = now() - interval '1 s'",
                    "agent gone": "UPDATE agent SET active = false WHERE display_name = 'Ada'",
                    "key revoked": "UPDATE api_key SET revoked_at = now()",
                }[how]
            )
    assert (await get(browser, file["url"])).status_code == 404


async def _somebody_elses(world: World, storage: Storage) -> Attachment:
    """A file that somebody else sent in a conversation of their own."""
    async with world.database.work() as work:
        visitor = await contacts.meet_visitor(work, world.site.id, None, "en")
        conversation_id = await conversations.begin(work, visitor.actor)
    file = await attach(world, storage, visitor.actor, PAGE, "other.bin", conversation_id)
    draft = Draft(new_client_id(), "", attachments=[file.id])
    await messages.post(world.database, visitor.actor, conversation_id, draft, 4000)
    return file
