"""What an administrator or a colleague does meanwhile."""

from __future__ import annotations

from alongside.kit.ids import new_client_id
from tests.reliability.acts.scene import Scene, barrier, ok


async def change_hours(scene: Scene) -> None:
    ours = next(each for each in ok(await scene.sol.get("/opening-hours")) if each["is_default"])
    change = {name: ours[name] for name in ("name", "hours", "version")}
    ok(await scene.sol.patch(f"/opening-hours/{ours['id']}", json=change))


async def define_fields(scene: Scene) -> None:
    """The definitions come and go, and one is filled by an agent and by a page."""
    label = {"en": f"Plan {new_client_id()}"}
    field = ok(await scene.sol.post("/fields", json={"kind": "text", "label": label, "set_by_page": "unsigned"}))
    await scene.console.until(lambda: bool(scene.console.of_type("directory_changed")))
    path = f"/contacts/{scene.contact_id}/fields/{field['id']}"
    ok(await scene.ben.put(path, json={"value": "gold"}))
    claims = {"name": "Vera", "fields": {field["key"]: "platinum"}}
    ok(await scene.visitor.post("/identify", json={"channel": scene.stage.world.site.key, "claims": claims}))
    ids = [each["id"] for each in ok(await scene.sol.get("/fields"))["fields"]]
    ok(await scene.sol.put("/fields/order", json={"ids": ids[::-1]}))
    ok(await scene.sol.patch(f"/fields/{field['id']}", json={"archived": True}))
    ok(await scene.sol.request("DELETE", f"/fields/{field['id']}"))


async def edit_channel(scene: Scene) -> None:
    site = scene.stage.world.site.id
    ok(await scene.sol.patch(f"/channels/{site}", json={"settings": {"sound": False}}))
    key = ok(await scene.sol.post(f"/channels/{site}/identity-keys"))
    ok(await scene.sol.request("DELETE", f"/channels/{site}/identity-keys/{key['kid']}"))
    ok(await scene.sol.post("/channels", json={"name": "Another shop"}))
    await scene.tab.until(lambda: len(scene.tab.of_type("look_changed")) >= 3)


async def presence(scene: Scene) -> None:
    async with scene.stage.agent(scene.stage.world.ben):
        ok(await scene.ben.put("/me/online", json={"online": True}))
        ok(await scene.ben.put("/me/online", json={"online": False}))
        await barrier(scene.console)
