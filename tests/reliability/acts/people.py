"""What becomes of the person who writes."""

from __future__ import annotations

from alongside.kit.ids import new_client_id
from tests.reliability.acts.scene import Scene, barrier, ok, vouch


async def answer_before(scene: Scene) -> None:
    """The visitor agrees to a text and says who they are."""
    site = scene.stage.world.site.id
    asked = {"consent": {"en": f"Agree {new_client_id()}"}, "consent_tick": True}
    channel = ok(await scene.sol.patch(f"/channels/{site}", json={"settings": {"around": asked}}))
    version = channel["settings"]["around"]["consent_version"]
    ok(await scene.visitor.put("/before", json={"consent": version, "language": "en"}))
    await scene.write("I agree")
    ok(await scene.sol.patch(f"/channels/{site}", json={"settings": {"around": {"consent_tick": False}}}))
    async with scene.stage.widget(await scene.stage.newcomer()) as other:
        asked = {"asked": [{"what": "name"}, {"what": "email"}]}
        ok(await scene.sol.patch(f"/channels/{site}", json={"settings": {"around": asked}}))
        ok(await other.put("/before", json={"values": {"name": "Says Vera", "email": "vera@home.test"}}))
        body = {"client_id": str(new_client_id()), "text": "I have told you"}
        ok(await other.post("/conversation/messages", json=body))
    ok(await scene.sol.patch(f"/channels/{site}", json={"settings": {"around": {"asked": [], "consent": {"en": ""}}}}))


async def edit_contact(scene: Scene) -> None:
    ok(await scene.ben.patch(f"/contacts/{scene.contact_id}", json={"name": "Vera Visitor"}))
    ok(await scene.ben.patch(f"/contacts/{scene.contact_id}", json={"name": None, "phone": "+49 30 1"}))


async def belong(scene: Scene) -> None:
    """A customer is given to Ben with what is open; another is made by a program, and writes."""
    ben = str(scene.stage.world.ben.id)
    ok(await scene.sol.put(f"/contacts/{scene.contact_id}/assignment", json={"agent_id": ben}))
    ok(await scene.sol.put(f"/contacts/{scene.contact_id}/assignment", json={"agent_id": None}))
    subject, site = f"made {scene.contact_id}", str(scene.stage.world.site.id)
    new = {"name": "Known before", "verified_id": subject, "channel_id": site, "agent_id": ben}
    ok(await scene.sol.post("/contacts", json=new))
    async with scene.stage.http() as elsewhere:
        token = await vouch(scene, subject, "Known before", elsewhere, "/widget/identify")
    async with scene.stage.widget(token) as other:
        body = {"client_id": str(new_client_id()), "text": "I am Ben's"}
        ok(await other.post("/conversation/messages", json=body))


async def label(scene: Scene) -> None:
    """Labels on contact and conversation, and one that is deleted while it is carried."""
    name = f"VIP {new_client_id()}"[:30]
    made = ok(await scene.sol.post("/labels", json={"name": name, "colour": "red"}))["id"]
    other = ok(await scene.sol.post("/labels", json={"name": f"x{name}", "colour": "blue"}))["id"]
    ok(await scene.sol.patch(f"/labels/{made}", json={"colour": "green"}))
    for place in (scene.path(), f"/contacts/{scene.contact_id}"):
        for each in (made, other, made):
            ok(await scene.ben.put(f"{place}/labels/{each}"))
        ok(await scene.ben.request("DELETE", f"{place}/labels/{other}"))
    ok(await scene.sol.request("DELETE", f"/labels/{other}"))


async def merge(scene: Scene) -> None:
    """Another visitor is the same person, and then is not."""
    async with scene.stage.widget(await scene.stage.newcomer()) as other:
        body = {"client_id": str(new_client_id()), "text": "It is me again"}
        ok(await other.post("/conversation/messages", json=body))
        rows = ok(await scene.ben.get("/conversations", params={"folder": "all", "limit": 1}))["rows"]
        ok(await scene.sol.patch(f"/contacts/{rows[0]['contact']['id']}", json={"name": "Vera Again"}))
        merged = {"contact_id": rows[0]["contact"]["id"]}
        details = ok(await scene.sol.post(f"/contacts/{scene.contact_id}/merge", json=merged))
        ok(await scene.ben.patch(f"/contacts/{scene.contact_id}", json={"phone": "030 123"}))
        ok(await scene.sol.post(f"/contacts/merges/{details['merges'][0]['id']}/undo"))


async def import_file(scene: Scene) -> None:
    """A file that changes the visitor, and brings somebody new."""
    address = f"{new_client_id()}@example.com"
    ok(await scene.ben.patch(f"/contacts/{scene.contact_id}", json={"email": address}))
    csv = f"email,name\n{address},Vera from a file\n{new_client_id()}@example.com,New\n".encode()
    path = "/contacts/import?apply=true"
    report = ok(await scene.sol.post(path, files={"file": ("people.csv", csv, "text/csv")}))
    assert (report["created"], report["changed"]) == (1, 1)
    await scene.console.until(lambda: bool(scene.console.of_type("refresh")))


async def claim(scene: Scene) -> None:
    body = {"channel": scene.stage.world.site.key, "claims": {"name": "Says she is Vera"}}
    ok(await scene.visitor.post("/identify", json=body))


async def see_page(scene: Scene) -> None:
    page = {"url": "https://shop.test/green", "title": "Green"}
    await scene.tab.say({"type": "page", "visit": page})
    await barrier(scene.tab)


async def go_and_come(scene: Scene) -> None:
    """A second tab of the same browser, then neither."""
    async with scene.stage.visitor(scene.token):
        pass


async def recognise(scene: Scene) -> None:
    """The site vouches for the visitor: their tab's token ends, and everybody sees who it is."""
    await vouch(scene, f"customer {scene.contact_id}", "Vera, proven")
    await scene.tab.until(lambda: bool(scene.tab.closes))
    assert scene.tab.closes[0][0] == 4401


async def carry_over(scene: Scene) -> None:
    """The visitor is known already, from elsewhere: what nobody has answered goes on in their own conversation."""
    async with scene.stage.http() as elsewhere:
        await vouch(scene, f"known {scene.contact_id}", "Vera", elsewhere, "/widget/identify")
    await vouch(scene, f"known {scene.contact_id}", "Vera, known")
    await scene.console.until(lambda: scene.console.rows[str(scene.conversation_id)]["status"] == "done")
