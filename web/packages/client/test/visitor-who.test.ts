import type { PublicMessage } from "@alongside/contract";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { memoryStore } from "../src/store";
import { VisitorClient } from "../src/visitor";
import { personOf } from "../src/visitor-session";
import { FarEnd, storage, Wire } from "./wire";

const VISITORS = "POST /api/v1/widget/visitors";
const IDENTIFY = "POST /api/v1/widget/identify";
const RESET = "POST /api/v1/widget/reset";
const MESSAGES = "POST /api/v1/widget/conversation/messages";
const KEPT = "alongside-visitor:shop";

const message = (seq: number, text: string, clientId: string | null = null): PublicMessage => ({
  seq,
  at: "2026-01-01T12:00:00Z",
  mine: clientId !== null,
  text,
  client_id: clientId,
  person: clientId === null ? { display_name: "Ines", picture_url: null } : null,
  automatic: false,
  cards: [],
  attachments: [],
  edited: false,
  deleted: false,
  quote: null,
  change: null,
});

function jwt(claims: object): string {
  const encode = (part: object) => {
    const bytes = new TextEncoder().encode(JSON.stringify(part));
    return btoa(String.fromCharCode(...bytes))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  };
  return `${encode({ alg: "HS256" })}.${encode(claims)}.signature`;
}

const reset = (messages: PublicMessage[]) => ({
  type: "reset",
  snapshot: { epoch: "e", head: messages.length, messages, has_more: false, team_seen: 0, seen: 0 },
});

let wire: Wire;
let client: VisitorClient;
let local: Storage;
let tokens = 0;

beforeEach(() => {
  wire = new Wire();
  local = storage();
  vi.stubGlobal("localStorage", local);
  let stored = 0;
  wire.answers = {
    [VISITORS]: () => ({ token: `token-${++tokens}`, visitor: { name: null, verified: false } }),
    [IDENTIFY]: () => ({ token: `token-${++tokens}`, visitor: { name: "Priya", verified: true } }),
    [RESET]: {},
    [MESSAGES]: ({ body }) => ({
      message: message(++stored, String(body["text"]), String(body["client_id"])),
    }),
  };
  client = newClient();
});

afterEach(() => {
  client.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const newClient = () =>
  new VisitorClient({ origin: "http://chat.example", channel: "shop", store: memoryStore() });
const token = () => JSON.parse(local.getItem(KEPT) ?? "null")?.token as string | undefined;
const texts = () => client.state.messages.map((one) => one.text);
const hello = () => FarEnd.latest.of("hello")[0];

async function begun(): Promise<void> {
  client.start();
  FarEnd.latest.accept();
  await client.send("first");
  await vi.waitFor(() => expect(client.state.pending).toEqual([]));
  FarEnd.latest.accept({ visitor: { name: null, verified: false } });
  FarEnd.latest.says(reset([message(1, "first", "id-1")]));
}

describe("who the visitor is", () => {
  const priya = { sub: "17", name: "Priya", aud: "shop" };

  test("a signed token brings that person's history", async () => {
    await begun();
    await client.identify({ token: jwt(priya) });
    expect(wire.of("POST", "/api/v1/widget/identify")[0]?.headers["Authorization"]).toMatch(/^Bearer token-/);
    FarEnd.latest.accept();
    expect(hello()).toMatchObject({ token: token(), resume: null });
    FarEnd.latest.says(reset([message(1, "last month", "x"), message(2, "answer")]));
    expect(texts()).toEqual(["last month", "answer"]);
  });

  test("the same person on the next page keeps the token, whenever theirs was signed", async () => {
    await client.identify({ token: jwt({ ...priya, iat: 1, exp: 2 }) });
    const first = token();
    const next = newClient();
    await next.identify({ token: jwt({ exp: 900, iat: 800, ...priya }) });
    expect(token()).toBe(first);
    expect(wire.of("POST", "/api/v1/widget/identify")).toHaveLength(1);
    next.stop();
  });

  test("another person gets nothing of the one before: no token, no history, no unsent message", async () => {
    await begun();
    await client.identify({ token: jwt(priya) });
    wire.answers[MESSAGES] = new TypeError("Failed to fetch");
    await client.send("a secret of Priya's");
    await client.identify({ token: jwt({ ...priya, sub: "18" }) });
    const asked = wire.of("POST", "/api/v1/widget/identify");
    expect(asked[1]?.headers["Authorization"]).toBeUndefined();
    expect(client.state.messages).toEqual([]);
    expect(client.state.pending).toEqual([]);
  });

  test("what is written while the page names somebody is that person's, and the last name holds", async () => {
    const first = client.identify({ token: jwt(priya) });
    const written = client.send("by Priya");
    await Promise.all([first, written]);
    await vi.waitFor(() => expect(client.state.pending).toEqual([]));
    expect(wire.of("POST", "/api/v1/widget/visitors")).toEqual([]);

    const carla = jwt({ ...priya, sub: "18" });
    const dora = jwt({ ...priya, sub: "19" });
    await Promise.all([client.identify({ token: carla }), client.identify({ token: dora })]);
    await vi.waitFor(() =>
      expect(wire.of("POST", "/api/v1/widget/identify").at(-1)?.body["token"]).toBe(dora),
    );
    expect(JSON.parse(local.getItem(KEPT) ?? "{}").person).toBe(personOf(dora));
  });

  test("a refused token is told and costs nothing", async () => {
    await begun();
    const before = token();
    const told: string[] = [];
    client.on("refused", (words) => void told.push(words));
    wire.answers[IDENTIFY] = 401;
    await client.identify({ token: "not.a.jwt" });
    expect(told).toEqual(["The server said 401."]);
    expect(token()).toBe(before);
    expect(texts()).toEqual(["first"]);
  });

  test("a server that is away is asked again when it is back", async () => {
    client.start();
    wire.answers[IDENTIFY] = new TypeError("Failed to fetch");
    await client.identify({ token: jwt(priya) });
    wire.answers[IDENTIFY] = { token: "token-priya", visitor: { name: "Priya", verified: true } };
    FarEnd.latest.accept();
    await vi.waitFor(() => expect(token()).toBe("token-priya"));
  });

  test("claims of somebody unknown go with the first message", async () => {
    await client.identify({ claims: { name: "Carla" } });
    expect(wire.asked).toEqual([]);
    await begun();
    expect(wire.of("POST", "/api/v1/widget/visitors")[0]?.body["claims"]).toEqual({ name: "Carla" });
  });

  test("whom the page names while the first message makes a visitor is named all the same", async () => {
    let made: (answer: object) => void = () => undefined;
    wire.answers[VISITORS] = () => new Promise<object>((resolve) => (made = resolve));
    client.start();
    FarEnd.latest.accept();
    await client.send("first");
    await vi.waitFor(() => expect(wire.of("POST", "/api/v1/widget/visitors")).toHaveLength(1));
    const named = client.identify({ claims: { name: "Carla" } });
    made({ token: "token-carla", visitor: { name: null, verified: false } });
    await named;
    const [told] = wire.of("POST", "/api/v1/widget/identify");
    expect(told?.body["claims"]).toEqual({ name: "Carla" });
    expect(told?.headers["Authorization"]).toBe("Bearer token-carla");
  });

  test("reset forgets everything, here and at the server", async () => {
    await begun();
    const old = token();
    await client.reset();
    expect(wire.of("POST", "/api/v1/widget/reset")[0]?.headers["Authorization"]).toBe(`Bearer ${old}`);
    expect(local.length).toBe(0);
    expect(client.state).toMatchObject({ messages: [], pending: [], visitor: null });
    FarEnd.latest.accept();
    expect(hello()).toMatchObject({ token: null });
  });

  test("a person is told apart by all that was signed but the times", () => {
    expect(personOf(jwt({ ...priya, iat: 1 }))).toBe(personOf(jwt({ ...priya, exp: 5, nbf: 2, jti: "x" })));
    expect(personOf(jwt(priya))).not.toBe(personOf(jwt({ ...priya, email: "new@example.com" })));
    expect(personOf(jwt({ sub: "Müller" }))).toBe('[["sub","Müller"]]');
    expect(personOf("rubbish")).toBe("rubbish");
  });
});

describe("where the browser denies us its storage", () => {
  const RESUME = "POST /api/v1/widget/visitors/resume";
  let cookie: { token: string; note: string } | null = null;

  beforeEach(() => {
    client.stop();
    vi.stubGlobal("localStorage", null);
    cookie = null;
    const issue = ({ body }: { body: Record<string, unknown> }) => {
      cookie = { token: `kept-${++tokens}`, note: String(body["keep"]) };
      return { token: cookie.token, visitor: { name: null, verified: cookie.note !== "" } };
    };
    wire.answers[VISITORS] = wire.answers[IDENTIFY] = issue;
    wire.answers[RESUME] = () => ({
      session: cookie && { token: cookie.token, visitor: { name: null, verified: false } },
      note: cookie?.note ?? "",
    });
    wire.answers[RESET] = () => ((cookie = null), {});
    client = newClient();
  });

  const next = async () => {
    client.stop();
    client = newClient();
    await client.recall();
    return client;
  };
  const priya = { sub: "17", name: "Priya", aud: "shop" };

  test("the next page is told the token, and asks for it once", async () => {
    await client.send("first");
    await vi.waitFor(() => expect(client.state.pending).toEqual([]));
    expect((await next()).known).toBe(true);
    client.start();
    FarEnd.latest.accept();
    expect(hello()).toMatchObject({ token: cookie?.token });
    await vi.waitFor(() => expect(client.state.connection).toBe("live"));
    expect(wire.of("POST", "/api/v1/widget/visitors")).toHaveLength(1);
    expect(wire.of("POST", "/api/v1/widget/visitors/resume")).toHaveLength(2);
  });

  test("a server that cannot be reached makes nobody new", async () => {
    await client.send("first");
    await vi.waitFor(() => expect(client.state.pending).toEqual([]));
    wire.answers[RESUME] = new TypeError("Failed to fetch");
    await next();
    await client.send("second");
    await vi.waitFor(() => expect(client.state.pending).toMatchObject([{ state: "waiting" }]));
    expect(wire.of("POST", "/api/v1/widget/visitors")).toHaveLength(1);
  });

  test("a signed person keeps the token on the next page; another person ends it", async () => {
    await client.identify({ token: jwt({ ...priya, iat: 1 }) });
    expect(cookie?.note).toMatch(/^[0-9a-f]{64}$/);
    await next();
    await client.identify({ token: jwt({ ...priya, iat: 2 }) });
    expect(wire.of("POST", "/api/v1/widget/identify")).toHaveLength(1);
    await client.identify({ token: jwt({ ...priya, sub: "18" }) });
    expect(wire.of("POST", "/api/v1/widget/reset")).toHaveLength(1);
    expect(wire.of("POST", "/api/v1/widget/identify")[1]?.headers["Authorization"]).toBeUndefined();
  });

  test("a token that another tab replaced is taken from there", async () => {
    await client.send("first");
    await vi.waitFor(() => expect(client.state.pending).toEqual([]));
    client.start();
    FarEnd.latest.accept();
    cookie = { token: "of-the-other-tab", note: "" };
    FarEnd.latest.hangsUp(4401);
    await vi.waitFor(() => expect(FarEnd.all.length).toBeGreaterThan(2));
    FarEnd.latest.accept();
    expect(hello()).toMatchObject({ token: "of-the-other-tab" });
  });

  test("reset forgets, and is not undone by what a cookie kept", async () => {
    await client.send("first");
    await vi.waitFor(() => expect(client.state.pending).toEqual([]));
    wire.answers[RESET] = new TypeError("Failed to fetch");
    await client.reset();
    await client.recall();
    expect(client.known).toBe(false);
  });
});
