"""P26 for the company's sign-in: what the provider says leads no further inside than the operator allowed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from alongside.domains.agents import provider_claims
from alongside.domains.agents.provider import MOST_BYTES, Provider, reachable
from alongside.platform.config import Config
from alongside.platform.errors import Unavailable
from tests.security.test_ssrf import Canary, canary
from tests.world import make_config

TRIP = provider_claims.trip("a secret")


def named(tmp_path: Path, issuer: str, **more: object) -> Config:
    return make_config("postgresql://nowhere/", tmp_path, oidc_issuer=issuer, oidc_client_id="x", **more)


def said(status: str, body: str = "", *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status}", "content-type: application/json", f"content-length: {len(body)}", *headers]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def about(issuer: str, **elsewhere: str) -> bytes:
    """What a provider says of itself."""
    places = {name: f"{issuer}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    return said("200 OK", json.dumps({"issuer": issuer} | places | elsewhere))


def test_only_a_provider_on_this_machine_opens_this_machine(tmp_path: Path) -> None:
    assert reachable(named(tmp_path, "https://id.shop.test")) == ()
    assert "127.0.0.0/8" in reachable(named(tmp_path, "http://localhost:9000"))
    assert "::1" in reachable(named(tmp_path, "http://[::1]:9000"))
    inside = named(tmp_path, "https://id.shop.test", egress_networks=("10.1.0.0/16",))
    assert reachable(inside) == ("10.1.0.0/16",)


@pytest.mark.parametrize("host", ["localhost.", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]"])
async def test_a_name_that_leads_inside_is_not_called(tmp_path: Path, host: str) -> None:
    async with canary() as bird:
        with pytest.raises(Unavailable):
            await Provider(named(tmp_path, f"https://{host}:{bird.port}")).departure(TRIP)
        assert bird.visits == 0


async def test_a_redirect_is_no_answer(tmp_path: Path) -> None:
    async with canary() as inside, canary() as bird:
        bird.answer = said("302 Found", "", f"location: http://127.0.0.1:{inside.port}/")
        await _refused(tmp_path, bird)
        assert inside.visits == 0


async def test_where_tokens_are_is_judged_like_the_provider(tmp_path: Path) -> None:
    """A provider that names a service of the cloud it runs in learns nothing of it."""
    async with canary() as bird:
        issuer = f"http://127.0.0.1:{bird.port}"
        bird.answer = about(issuer, token_endpoint="http://169.254.169.254/latest", jwks_uri="http://10.0.0.1/keys")
        provider = Provider(named(tmp_path, issuer))
        assert (await provider.departure(TRIP)).startswith(issuer)
        with pytest.raises(Unavailable):
            await provider.arrival("a code", TRIP)


@pytest.mark.parametrize("body", ["[]", "{", '"' + "x" * (MOST_BYTES + 10) + '"'])
async def test_an_answer_that_is_none_is_refused(tmp_path: Path, body: str) -> None:
    async with canary(said("200 OK", body)) as bird:
        await _refused(tmp_path, bird)


async def _refused(tmp_path: Path, bird: Canary) -> None:
    with pytest.raises(Unavailable):
        await Provider(named(tmp_path, f"http://127.0.0.1:{bird.port}")).departure(TRIP)
    assert bird.visits == 1
