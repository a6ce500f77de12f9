"""P20: a site's word for its visitor cannot be forged, and what is not vouched for merges and reveals nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from tests.harness.stage import Stage

Claims = dict[str, Any]


class Site:
    """A channel and one of its keys."""

    def __init__(self, key: str, kid: str, secret: str) -> None:
        self.key, self.kid, self.secret = key, kid, secret

    def claims(self, **more: Any) -> Claims:
        return {"sub": "customer-1", "aud": self.key, "exp": int(time.time()) + 600, **more}

    def sign(self, claims: Claims, **header: Any) -> str:
        return jwt.encode(claims, self.secret, "HS256", headers={"kid": self.kid, **header})


async def new_site(stage: Stage) -> Site:
    async with stage.console(stage.world.sol) as http:
        channel = (await http.post("/channels", json={"name": "A site"})).json()
        key = (await http.post(f"/channels/{channel['id']}/identity-keys")).json()
    return Site(channel["key"], key["kid"], key["secret"])


@pytest.fixture
async def site(one: Stage) -> Site:
    return await new_site(one)


@pytest.fixture
async def foreign(one: Stage) -> Site:
    return await new_site(one)


async def identify(
    stage: Stage, site: Site, token: Any = None, bearer: str | None = None, **more: Any
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    async with stage.http() as http:
        body = {"channel": site.key, **({"token": token} if token is not None else {}), **more}
        return await http.post("/widget/identify", json=body, headers=headers)


def raw(header: Claims, payload: Claims, signature: bytes = b"") -> str:
    """A token as no library would make it."""
    parts = [json.dumps(header).encode(), json.dumps(payload).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def hmac_of(header: Claims, payload: Claims, secret: str, digest: str = "sha256") -> str:
    unsigned = raw(header, payload).rstrip(".")
    return raw(header, payload, hmac.new(secret.encode(), unsigned.encode(), getattr(hashlib, digest)).digest())


FORGERIES: dict[str, Callable[[Site, Site], str]] = {
    "unsigned": lambda site, _: raw({"alg": "HS256", "kid": site.kid}, site.claims()),
    "signature cut": lambda site, _: site.sign(site.claims()).rpartition(".")[0] + ".",
    "wrong key": lambda site, _: jwt.encode(site.claims(), "x" * 43, "HS256", headers={"kid": site.kid}),
    "empty key": lambda site, _: hmac_of({"alg": "HS256"}, site.claims(), ""),
    "alg none": lambda site, _: raw({"alg": "none", "kid": site.kid}, site.claims()),
    "alg None": lambda site, _: raw({"alg": "nOnE"}, site.claims()),
    "alg absent": lambda site, _: raw({"kid": site.kid}, site.claims()),
    "alg RS256, signed by the secret": lambda site, _: hmac_of({"alg": "RS256"}, site.claims(), site.secret),
    "alg HS512": lambda site, _: hmac_of({"alg": "HS512"}, site.claims(), site.secret, "sha512"),
    "key inside": lambda site, _: hmac_of({"alg": "HS256", "jwk": {"kty": "oct", "k": "eHh4"}}, site.claims(), "xxx"),
    "kid as a path": lambda site, _: hmac_of({"alg": "HS256", "kid": "../../dev/null"}, site.claims(), ""),
    "kid of another site": lambda site, foreign: foreign.sign(site.claims()),
    "key of another site": lambda site, foreign: jwt.encode(
        site.claims(), foreign.secret, "HS256", headers={"kid": site.kid}
    ),
    "for another site": lambda site, foreign: site.sign(site.claims(aud=foreign.key)),
    "no audience": lambda site, _: site.sign({"sub": "customer-1", "exp": int(time.time()) + 600}),
    "expired": lambda site, _: site.sign(site.claims(exp=int(time.time()) - 3_600)),
    "no expiry": lambda site, _: site.sign({"sub": "customer-1", "aud": site.key}),
    "not yet valid": lambda site, _: site.sign(site.claims(nbf=int(time.time()) + 3_600)),
    "no subject": lambda site, _: site.sign({"aud": site.key, "exp": int(time.time()) + 600}),
    "empty subject": lambda site, _: site.sign(site.claims(sub="")),
    "blank subject": lambda site, _: site.sign(site.claims(sub=" \u0000\t ")),
    "subject null": lambda site, _: site.sign(site.claims(sub=None)),
    "subject a list": lambda site, _: site.sign(site.claims(sub=["customer-1"])),
    "subject true": lambda site, _: site.sign(site.claims(sub=True)),
    "payload changed": lambda site, _: _swapped(site),
    "no token at all": lambda site, _: "customer-1",
    "empty": lambda site, _: "",
    "three dots": lambda site, _: "...",
}


def _swapped(site: Site) -> str:
    header, _, signature = site.sign(site.claims(sub="customer-2")).split(".")
    payload = base64.urlsafe_b64encode(json.dumps(site.claims()).encode()).decode().rstrip("=")
    return f"{header}.{payload}.{signature}"


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forgery_is_nobody(one: Stage, site: Site, foreign: Site, name: str) -> None:
    known = (await identify(one, site, site.sign(site.claims()))).json()["token"]
    async with one.widget(known) as http:
        body = {"client_id": str(uuid4()), "text": "only for customer 1"}
        assert (await http.post("/conversation/messages", json=body)).status_code == 201
    visitor = await one.newcomer()
    for bearer in (None, visitor, known):
        answer = await identify(one, site, FORGERIES[name](site, foreign), bearer)
        assert answer.status_code == 401, answer.text
        assert answer.json()["code"] == "identity-refused"
        assert site.secret not in answer.text
        assert site.kid not in answer.text
    found = one.sql("SELECT count(*) FROM identity WHERE kind = 'verified' AND value LIKE 'customer%%' "
                    "AND channel_id = (SELECT id FROM channel WHERE key = %s)", site.key)  # fmt: skip
    assert found == [(1,)]
    async with one.widget(known) as http:
        assert (await http.get("/conversation")).json()["head"] == 1, "the true customer keeps their token"


async def test_the_sites_word_brings_the_history_back(one: Stage, site: Site) -> None:
    """The counterpart: what all forgeries above would gain."""
    first = (await identify(one, site, site.sign(site.claims()))).json()["token"]
    async with one.widget(first) as http:
        await http.post("/conversation/messages", json={"client_id": str(uuid4()), "text": "from my phone"})
    answer = (await identify(one, site, site.sign(site.claims(name="Vera")))).json()
    assert answer["visitor"] == {"name": "Vera", "verified": True}
    async with one.widget(answer["token"]) as http:
        assert [each["text"] for each in (await http.get("/conversation")).json()["messages"]] == ["from my phone"]


async def test_a_word_for_one_site_is_none_for_another(one: Stage, site: Site, foreign: Site) -> None:
    token = site.sign(site.claims())
    assert (await identify(one, site, token)).status_code == 201
    assert (await identify(one, foreign, token)).status_code == 401


async def test_a_retired_key_vouches_no_more(one: Stage, site: Site) -> None:
    token = site.sign(site.claims())
    assert (await identify(one, site, token)).status_code == 201
    found = one.sql("SELECT id FROM channel WHERE key = %s", site.key)
    async with one.console(one.world.sol) as http:
        assert (await http.delete(f"/channels/{found[0][0]}/identity-keys/{site.kid}")).status_code == 204
    assert (await identify(one, site, token)).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "vera@example.com"},
        {"email": "VERA@example.com", "name": "Vera"},
        {"id": "customer-1"},
        {"id": "customer-1", "email": "vera@example.com", "phone": "+49 30 1"},
    ],
)
async def test_claims_never_merge(one: Stage, site: Site, claims: Claims) -> None:
    """Claims that equal what a proven contact has, to the letter, make another contact."""
    proven = site.sign(site.claims(email="vera@example.com", name="Vera", phone="+49 30 1"))
    token = (await identify(one, site, proven)).json()["token"]
    async with one.widget(token) as http:
        await http.post("/conversation/messages", json={"client_id": str(uuid4()), "text": "mine alone"})
    contact = "SELECT t::text FROM contact t JOIN identity i ON i.contact_id = t.id WHERE i.value = 'customer-1' "
    contact += "AND i.channel_id = (SELECT id FROM channel WHERE key = %s)"
    before = one.sql(contact, site.key)
    anonymous = (await identify(one, site, claims=claims)).json()
    assert not anonymous["visitor"]["verified"]
    again = await identify(one, site, bearer=anonymous["token"], claims=claims)
    assert not again.json()["visitor"]["verified"]
    async with one.widget(anonymous["token"]) as http:
        assert (await http.get("/conversation")).json()["messages"] == []
    assert one.sql(contact, site.key) == before


async def test_claims_do_not_touch_a_proven_contact(one: Stage, site: Site) -> None:
    token = (await identify(one, site, site.sign(site.claims(name="Vera")))).json()["token"]
    answer = await identify(one, site, bearer=token, claims={"name": "Mallory", "email": "mallory@example.com"})
    assert answer.json()["visitor"] == {"name": "Vera", "verified": True}
