"""The help centre: pages for everybody, made here and without a script: search engines and old phones read them too."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import Parameter
from litestar.response import Redirect

from alongside.domains.articles import actions, logic, queries
from alongside.domains.articles.help_page import Centre
from alongside.domains.workspace.queries import workspace
from alongside.platform.config import Config
from alongside.platform.db import Database, Reading
from alongside.platform.errors import NotFound, TooMany
from alongside.platform.limits import Buckets, address_prefix
from alongside.platform.web import who
from alongside.platform.web.address import client_address
from alongside.platform.web.static import ASK_AGAIN, FOREVER, Shelf

FOLDER = Path(__file__).parents[2] / "static" / "help"

AnyRequest = Request[Any, Any, Any]

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
READERS = who.public("the help centre is for everybody; it shows what was published")
STYLE = "help.css"
WORTH_PACKING = 1_000

Typed = Annotated[str, Parameter(max_length=500)]
Short = Annotated[str, Parameter(max_length=20)]


@get("/help", opt={"who": READERS}, include_in_schema=False)
async def front(
    request: AnyRequest, database: Database, config: Config, help_shelf: Shelf, searches: Buckets,
    lang: Short = "", q: Typed = "",
) -> Response[bytes]:  # fmt: skip
    """What there is, by category, or what a search found."""
    typed = q.strip()[:200]
    if typed:
        _spend_search(request, config, searches)
    async with database.reading() as reading:
        centre = await _centre(reading, request, config, help_shelf, lang)
        if typed:
            found = await queries.search(reading, centre.language, typed)
            return _answer(request, centre.found(typed, found))
        index = await queries.help_index(reading, centre.language, centre.languages, centre.fallback)
        return _answer(request, centre.index(index))


@get("/help/topics/{slug:str}", opt={"who": READERS}, include_in_schema=False)
async def topic(
    request: AnyRequest, database: Database, config: Config, help_shelf: Shelf, slug: str, lang: Short = ""
) -> Response[bytes]:
    """The articles of one category."""
    async with database.reading() as reading:
        centre = await _centre(reading, request, config, help_shelf, lang)
        index = await queries.help_index(
            reading, centre.language, centre.languages, centre.fallback, topic=slug.replace("\x00", "")
        )
        if not index.topics:
            return _answer(request, centre.missing(), status=404)
        return _answer(request, centre.topic(index.topics[0]))


@get("/help/assets/{name:str}", opt={"who": READERS}, include_in_schema=False)
async def style(request: AnyRequest, help_shelf: Shelf, name: str, v: Short = "") -> Response[bytes]:
    """The style sheet; pages name it together with its fingerprint."""
    fresh = v and v == _fingerprint(help_shelf, name)
    return help_shelf.answer(request, name, {"cache-control": FOREVER if fresh else ASK_AGAIN})


@get("/help/{slug:str}", opt={"who": READERS}, include_in_schema=False)
async def read_page(
    request: AnyRequest, database: Database, config: Config, help_shelf: Shelf, slug: str
) -> Response[bytes] | Redirect:
    """An article. A former address of one leads to it."""
    async with database.reading() as reading:
        found = await queries.page(reading, slug)
        if found is None:
            moved = await queries.moved_to(reading, slug)
            if moved is not None:
                return Redirect(queries.path_of(moved), status_code=302)
            centre = await _centre(reading, request, config, help_shelf, "")
            return _answer(request, centre.missing(), status=404)
        centre = await _centre(reading, request, config, help_shelf, found.page.language)
        body = await queries.page_html(reading, slug)
        topics = await queries.help_index(
            reading, found.page.language, centre.languages, centre.fallback, topic=found.page.topic
        )
    answer = _answer(request, centre.article(found.page, body, topics.topics))
    if answer.status_code == 200 and _is_reader(request):
        await actions.count_reading(database, found.article_id, found.page.language)
    return answer


def _is_reader(request: AnyRequest) -> bool:
    purpose = request.headers.get("sec-purpose", "") or request.headers.get("purpose", "")
    return request.method == "GET" and logic.counts_as_reader(request.headers.get("user-agent", ""), purpose)


def _spend_search(request: AnyRequest, config: Config, searches: Buckets) -> None:
    if wait := searches.take(address_prefix(client_address(request.scope, config.trusted_proxies))):
        raise TooMany("too-many-searches", "Too many searches at once. Wait a moment and search again.", wait)


async def _centre(reading: Reading, request: AnyRequest, config: Config, shelf: Shelf, language: str) -> Centre:
    company = await workspace(reading)
    there = await queries.languages(reading)
    wanted = [language] if language else logic.accepted(request.headers.get("accept-language", ""))
    return Centre(
        company=company.name or "Alongside",
        site=config.public_url,
        style=_style_address(shelf),
        language=logic.choose(wanted, there, company.default_locale),
        languages=there,
        fallback=company.default_locale,
    )


def _style_address(shelf: Shelf) -> str:
    return f"/help/assets/{STYLE}?v={_fingerprint(shelf, STYLE)}"


def _fingerprint(shelf: Shelf, name: str) -> str:
    """Changes with the file's content; empty where the front ends have not been built."""
    try:
        return shelf.asset(name).etag.strip('"')[:12]
    except NotFound:
        return ""


def _answer(request: AnyRequest, page: str, *, status: int = 200) -> Response[bytes]:
    """The page as an answer: 304 where the browser has it, gzip where it can."""
    body = page.encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {
        "content-security-policy": POLICY,
        "cache-control": ASK_AGAIN,
        "etag": etag,
        "vary": "accept-language, accept-encoding",
    }
    if status == 200 and request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers, media_type="text/html; charset=utf-8")
    if len(body) > WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 6, mtime=0)
        headers["content-encoding"] = "gzip"
    return Response(body, status_code=status, headers=headers, media_type="text/html; charset=utf-8")


ROUTES = [front, topic, style, read_page]
