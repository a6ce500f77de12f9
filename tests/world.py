"""The named cast, built through the real verbs, and the stage: a database, what it announces, and the HTTP doors.

Sol set Alongside up and may do everything. Ada and Ben answer visitors. Vera writes from the shop's site and has one
open conversation. A test folder takes what it needs in its `conftest.py`:

    from tests.world import config, database, facts, world  # noqa: F401
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from alongside import contents  # every fact must be known before `Facts` listens to all of them
from alongside.app import create_app, equip
from alongside.domains.agents import actions as agents
from alongside.domains.agents.actions.sessions import Caller
from alongside.domains.agents.joining_schemas import SetUp
from alongside.domains.agents.schemas import Credentials, NewAgent
from alongside.domains.channels import actions as channels
from alongside.domains.channels.queries import channel_by_key
from alongside.domains.channels.schemas import Channel, NewChannel
from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.ids import new_client_id
from alongside.platform import config_loading
from alongside.platform.auth.actor import AgentActor, SystemActor, VisitorActor
from alongside.platform.auth.tokens import csrf_of
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.events import Announcer, Fact
from alongside.platform.secret import Secret
from alongside.platform.storage import Storage

ORIGIN = "https://chat.test"
PASSWORD = "correct horse battery"
COLLEAGUE = ["conversations.reply", "conversations.assign", "contacts.edit"]
# What only goes with seeing all conversations.
TICKETS = ["tickets.read", "tickets.manage"]
# The role of Ada and Ben.
AGENT = [*COLLEAGUE, *TICKETS]
HOME = Caller(address="192.0.2.10", user_agent="Firefox on Debian")

_idle: list[Litestar] = []  # applications to serve the next test: their routes take a quarter of a second to make

SomeFact = TypeVar("SomeFact", bound=Fact)


class Facts(list[Fact]):
    """All that was announced, in order."""

    def of(self, kind: type[SomeFact]) -> list[SomeFact]:
        """Those of one kind."""
        return [fact for fact in self if isinstance(fact, kind)]


class Colleague(msgspec.Struct, frozen=True):
    """An agent who is signed in."""

    actor: AgentActor
    email: str
    token: str

    @property
    def id(self) -> UUID:
        return self.actor.id


class Visitor(msgspec.Struct, frozen=True):
    """A visitor and the secret that their browser keeps."""

    actor: VisitorActor
    token: str


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody, and what they have in common."""

    sol: Colleague
    ada: Colleague
    ben: Colleague
    vera: Visitor
    site: Channel
    conversation_id: UUID


class World(Company, frozen=True, kw_only=True):
    """Everybody, and the things they deal with."""

    config: Config
    database: Database
    facts: Facts


def make_config(url: str, data_dir: Path, **overrides: object) -> Config:
    """Settings as a test wants them, as if typed at the command line."""
    given = {"data_dir": data_dir, "database_url": Secret(url), "public_url": ORIGIN, **overrides}
    return config_loading.load({}, None, given)


@pytest.fixture
def config(fresh_database_url: str, tmp_path: Path) -> Config:
    """Settings of a server at https://chat.test."""
    return make_config(fresh_database_url, tmp_path)


@pytest.fixture
def facts() -> Facts:
    """What `database` announces."""
    return Facts()


@pytest.fixture
async def database(fresh_database_url: str, facts: Facts) -> AsyncIterator[Database]:
    """A migrated database of the test's own."""
    async with open_database(fresh_database_url, facts) as opened:
        yield opened


@pytest.fixture
def storage(config: Config) -> Iterator[Storage]:
    """The store of uploaded files."""
    yield Storage.of(config)


@pytest.fixture
async def world(company: Company, config: Config, database: Database, facts: Facts) -> World:
    """The cast. They were there already when the test's database was copied: see `tests/conftest.py`."""
    return World(config=config, database=database, facts=facts, **msgspec.structs.asdict(company))


@asynccontextmanager
async def open_database(url: str, facts: Facts) -> AsyncIterator[Database]:
    """A database whose announcements land in `facts`."""
    announcer = Announcer()
    for kind in _kinds(Fact):
        announcer.listen(kind, facts.append)
    database = await Database.connect(url, 5, announcer)
    try:
        yield database
    finally:
        await database.close()


async def build(config: Config, database: Database, facts: Facts) -> World:
    """A world in which everybody is new."""
    company = await bring(config, database)
    facts.clear()
    return World(config=config, database=database, facts=facts, **msgspec.structs.asdict(company))


async def bring(config: Config, database: Database) -> Company:
    """Bring everybody on the stage."""
    token = await agents.prepare_setup(database)
    assert token is not None
    start = SetUp(
        token=token, workspace_name="Green Shop", email="sol@shop.test", display_name="Sol", password=PASSWORD
    )
    first = await agents.set_up(database, config, start, HOME)
    sol = Colleague(await agents.authenticate(database, first.token), "sol@shop.test", first.token)
    role_id = await make_role(database, "Agent", AGENT)
    ada = await hire(config, database, "Ada", role_id)
    ben = await hire(config, database, "Ben", role_id)
    async with database.work() as work:
        site = await channels.create_channel(work, sol.actor, NewChannel(name="Green Shop"))
        channel = await channel_by_key(work, site.key)
        assert channel is not None
        new = await contacts.meet_visitor(work, channel.id, None, "de")
        conversation_id = await conversations.begin(work, new.actor)
    hello = Draft(new_client_id(), "Hello, is the green one in stock?")
    await messages.post(database, new.actor, conversation_id, hello, config.max_message_chars)
    return Company(
        sol=sol,
        ada=ada,
        ben=ben,
        vera=Visitor(new.actor, new.token),
        site=channel,
        conversation_id=conversation_id,
    )


async def make_role(database: Database, name: str, permissions: list[str]) -> UUID:
    """A role besides Admin, straight into its table: also what the verb refuses, such as a second for everything."""
    async with database.work() as work:
        role_id: UUID = await work.value(
            "INSERT INTO role (name, permissions) VALUES ($1, $2) RETURNING id", name, permissions
        )
        return role_id


async def hire(config: Config, database: Database, name: str, role_id: UUID) -> Colleague:
    """A new agent who has signed in."""
    email = f"{name.lower()}@shop.test"
    await agents.create_agent(
        database, SystemActor(), NewAgent(email=email, display_name=name, password=PASSWORD, role_id=role_id)
    )
    return await sign_in(config, database, email)


async def sign_in(config: Config, database: Database, email: str, caller: Caller = HOME) -> Colleague:
    """A fresh session."""
    credentials = Credentials(email=email, password=PASSWORD)
    session = await agents.sign_in(database, config, credentials, caller)
    return Colleague(await agents.authenticate(database, session.token), email, session.token)


class Browser:
    """A browser at the HTTP doors: keeps cookies, and proves like our own page where it comes from."""

    def __init__(self, client: AsyncTestClient[Litestar]) -> None:
        self.client = client
        self.csrf: str | None = None

    async def call(self, method: str, path: str, **options: object) -> httpx.Response:
        """A request below /api/v1, with the headers of our own page unless the test brings its own."""
        headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
        if self.csrf:
            headers["x-csrf-token"] = self.csrf
        headers |= options.pop("headers", {})  # type: ignore[arg-type]
        kept = {name: value for name, value in headers.items() if value is not None}
        return await self.client.request(method, f"/api/v1{path}", headers=kept, **options)  # type: ignore[arg-type]

    async def get(self, path: str) -> httpx.Response:
        return await self.call("GET", path)

    async def post(self, path: str, body: object = None) -> httpx.Response:
        return await self.call("POST", path, json=body)

    async def put(self, path: str, body: object = None) -> httpx.Response:
        return await self.call("PUT", path, json=body)

    async def patch(self, path: str, body: object = None) -> httpx.Response:
        return await self.call("PATCH", path, json=body)

    async def delete(self, path: str) -> httpx.Response:
        return await self.call("DELETE", path)

    def be(self, colleague: Colleague) -> Browser:
        """Hold this colleague's session."""
        self.client.cookies.set("__Host-alongside", colleague.token, domain="chat.test", path="/")
        self.csrf = csrf_of(colleague.token)
        return self

    async def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        """Sign in by the door."""
        answer = await self.post("/session", {"email": email, "password": password})
        if answer.status_code == 200:
            self.csrf = answer.json()["csrf"]
        return answer


@asynccontextmanager
async def serving(config: Config) -> AsyncIterator[AsyncTestClient[Litestar]]:
    """The whole application, as one process serves it, without a network in between.

    It does what it is asked for, and nothing because a minute begins just now: that, the tests do themselves.
    """
    app = _idle.pop() if _idle else create_app(config)
    equip(app, config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contents, "JOBS", [msgspec.structs.replace(job, cron=None) for job in contents.JOBS])
        async with AsyncTestClient(app, base_url=ORIGIN) as client:
            yield client
    _idle.append(app)


@pytest.fixture
async def browser(config: Config) -> AsyncIterator[Browser]:
    """A browser in front of the application of `config`, signed in as nobody."""
    async with serving(config) as client:
        yield Browser(client)


def _kinds(kind: type[Fact]) -> Iterator[type[Fact]]:
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)
