"""What is done to a conversation: written, changed, handled, read, rated."""

from __future__ import annotations

from alongside.kit.ids import new_client_id
from tests.files.media import wav
from tests.reliability.acts.scene import Scene, barrier, ok, upload


async def post(scene: Scene) -> None:
    await scene.write("a question")
    await scene.reply("an answer")
    await scene.reply("a last answer", then_done=True)
    await scene.write("a question after the end")
    note = {"client_id": str(new_client_id()), "text": "a note"}
    ok(await scene.ben.post(scene.path("/notes"), json=note))


async def post_articles(scene: Scene) -> None:
    article = ok(await scene.sol.post("/articles", json={"language": "en", "title": f"Help {new_client_id()}"}))
    text = article["texts"][0]
    path = f"/articles/{article['id']}/texts/en/published"
    page = ok(await scene.sol.put(path, json={"revision": text["revision"]}))
    body = {"client_id": str(new_client_id()), "slugs": [page["published_slug"]]}
    for _ in range(2):
        ok(await scene.ben.post(scene.path("/articles"), json=body))
    await scene.console.until(lambda: bool(scene.console.of_type("articles_changed")))


async def change(scene: Scene) -> None:
    """Messages and a note, of both sides, edited more than once and deleted; the visitor never hears of the note."""
    await scene.write("a qestion")
    await scene.reply("an answer")
    note = {"client_id": str(new_client_id()), "text": "a note"}
    ok(await scene.ben.post(scene.path("/notes"), json=note))
    sol = {"mentions": [{"agent_id": str(scene.stage.world.sol.id)}]}
    for seq, names in ((3, {}), (4, sol)):
        for text in ("another text", "a third text"):
            body = {"client_id": str(new_client_id()), "text": text, **names}
            ok(await scene.ben.patch(scene.path(f"/entries/{seq}"), json=body))
    for text in ("a question", "a better question"):
        body = {"client_id": str(new_client_id()), "text": text}
        ok(await scene.visitor.patch("/conversation/messages/2", json=body))
    await scene.write("and another")
    ok(await scene.visitor.request("DELETE", "/conversation/messages/2"))
    for seq in (3, 4):
        ok(await scene.ben.delete(scene.path(f"/entries/{seq}")))


async def post_files(scene: Scene) -> None:
    """Of the visitor and of the team; with text, without, and in a note that the visitor never hears of."""
    await scene.write_file("listen")
    await scene.write_file("")
    for path in ("/messages", "/notes"):
        file = await upload(scene.ben, scene.path("/uploads"), "/uploads", wav())
        body = {"client_id": str(new_client_id()), "text": "", "attachments": [file]}
        ok(await scene.ben.post(scene.path(path), json=body))
    await scene.reply("no file")


async def set_status(scene: Scene) -> None:
    for status in ("unresolved", "done", "unread", "unread"):
        await scene.status(status)


async def assign(scene: Scene) -> None:
    team = ok(await scene.sol.post("/teams", json={"name": f"Team {new_client_id()}", "member_ids": []}))
    ben = str(scene.stage.world.ben.id)
    for agent_id, team_id in ((ben, None), (None, team["id"]), (None, None), (None, None)):
        ok(await scene.sol.put(scene.path("/assignment"), json={"agent_id": agent_id, "team_id": team_id}))


async def begin(scene: Scene) -> None:
    """Another visitor's first message: a new row, and one more to count."""
    async with scene.stage.widget(await scene.stage.newcomer()) as other:
        body = {"client_id": str(new_client_id()), "text": "I am new here"}
        ok(await other.post("/conversation/messages", json=body))


async def rate(scene: Scene) -> None:
    """The visitor rates what is over, and changes their mind; the same again says nothing."""
    site = scene.stage.world.site.id
    ok(await scene.sol.patch(f"/channels/{site}", json={"settings": {"around": {"rating": True}}}))
    await scene.status("done")
    for stars, comment in ((2, "slow"), (4, "friendly"), (4, "friendly"), (5, "")):
        ok(await scene.visitor.put("/rating", json={"episode": 1, "stars": stars, "comment": comment}))
    ok(await scene.sol.patch(f"/channels/{site}", json={"settings": {"around": {"rating": False}}}))


async def mark_seen(scene: Scene) -> None:
    await scene.write("one")
    for seq in (2, 1, 99):
        ok(await scene.ben.put(scene.path("/seen"), json={"seq": seq}))


async def mark_visitor(scene: Scene) -> None:
    await scene.reply("one")
    await scene.reply("two")
    await scene.tab.say({"type": "marks", "delivered": 3, "seen": 2})
    await barrier(scene.tab)
    ok(await scene.visitor.post("/conversation/seen", json={"seq": 3}))
