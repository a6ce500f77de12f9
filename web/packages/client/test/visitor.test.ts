import type { PublicMessage } from "@alongside/contract";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { memoryStore } from "../src/store";
import { VisitorClient } from "../src/visitor";
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
  automatic: false,
  cards: [],
  client_id: clientId,
  person: clientId === null ? { display_name: "Ines", picture_url: null } : null,
  attachments: [],
  edited: false,
  deleted: false,
  quote: null,
  change: null,
});

const change = (seq: number, of: number, text: string | null): PublicMessage => ({
  ...message(seq, ""),
  change: { of, text, deleted: text === null },
});

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

describe("a visitor", () => {
  test("stores nothing and asks for nothing before the first message", () => {
    client.start();
    FarEnd.latest.accept();
    client.page({ url: "http://shop.example/" });
    client.pressed();
    expect(local.length).toBe(0);
    expect(wire.asked).toEqual([]);
    expect(hello()).toMatchObject({ channel: "shop", token: null, resume: null });
    expect(FarEnd.latest.said).toHaveLength(1);
  });

  test("gets a token with the first message and speaks with it from then on", async () => {
    await begun();
    expect(wire.of("POST", "/api/v1/widget/visitors")).toHaveLength(1);
    const sent = wire.of("POST", "/api/v1/widget/conversation/messages");
    expect(sent.map((one) => one.headers["Authorization"])).toEqual([`Bearer ${token()}`]);
    expect(hello()).toMatchObject({ token: token() });
    expect(texts()).toEqual(["first"]);
  });

  test("asks how the channel looks after it was away, for changes meanwhile were told to nobody", async () => {
    const looks = vi.fn();
    client.on("look", looks);
    client.start();
    FarEnd.latest.accept();
    expect(looks).not.toHaveBeenCalled();
    FarEnd.latest.hangsUp(1006);
    await vi.waitFor(() => expect(FarEnd.all).toHaveLength(2));
    FarEnd.latest.accept();
    expect(looks).toHaveBeenCalledOnce();
  });

  test("never puts the token into an address", async () => {
    await begun();
    for (const { path, query } of wire.asked) expect(path + query.toString()).not.toContain(token());
    for (const socket of FarEnd.all) expect(socket.url).not.toContain(token());
  });

  test("the first message is told as news, once; the history that is read is not", async () => {
    const news: string[] = [];
    client.on("news", (messages) => void news.push(...messages.map((one) => one.text)));
    client.start();
    FarEnd.latest.accept();
    await client.send("first");
    await vi.waitFor(() => expect(client.state.pending).toEqual([]));
    const id = String(wire.of("POST", "/api/v1/widget/conversation/messages")[0]?.body["client_id"]);
    FarEnd.latest.accept();
    FarEnd.latest.says(reset([message(1, "first", id), message(2, "greeting")]));
    FarEnd.latest.says({ type: "message", message: message(1, "first", id) });
    FarEnd.latest.says({ type: "message", message: message(3, "answer") });
    expect(news).toEqual(["first", "answer"]);
  });

  test("what became of a message is seen in its place, is no news, and is read with the rest", async () => {
    await begun();
    const news: number[] = [];
    client.on("news", (added) => news.push(...added.map((one) => one.seq)));
    FarEnd.latest.says({ type: "message", message: message(2, "anser") });
    FarEnd.latest.says({ type: "message", message: change(3, 2, "answer") });
    expect(client.state.messages[1]).toMatchObject({ seq: 2, text: "answer", edited: true });
    FarEnd.latest.says({ type: "message", message: change(4, 2, null) });
    expect(client.state.messages.map(({ seq, text, deleted }) => [seq, text, deleted])).toEqual([
      [1, "first", false],
      [2, "", true],
    ]);
    expect(news).toEqual([2]);
    client.markSeen();
    expect(client.state.seen).toBe(4);
  });

  test("several messages at once need one token and keep their order", async () => {
    client.start();
    FarEnd.latest.accept();
    await Promise.all(["one", "two", "three"].map((text) => client.send(text)));
    await vi.waitFor(() => expect(client.state.pending).toEqual([]));
    expect(wire.of("POST", "/api/v1/widget/visitors")).toHaveLength(1);
    const sent = wire.of("POST", "/api/v1/widget/conversation/messages").map((one) => one.body["text"]);
    expect(sent).toEqual(["one", "two", "three"]);
  });

  test("sends over the socket once it is live, and over HTTP what the socket left open", async () => {
    await begun();
    await client.send("second");
    await vi.waitFor(() => expect(FarEnd.latest.of("send")).toHaveLength(1));
    const before = wire.of("POST", "/api/v1/widget/conversation/messages").length;
    FarEnd.latest.hangsUp(1006); // between send and acknowledgement
    await vi.waitFor(() => expect(client.state.pending).toEqual([]));
    const again = wire.of("POST", "/api/v1/widget/conversation/messages").slice(before);
    expect(again).toHaveLength(1);
    expect(again[0]?.body["client_id"]).toBe(FarEnd.all[1]?.of("send")[0]?.["client_id"]);
  });

  test("without any network the message waits, and goes out when it is back", async () => {
    wire.answers[VISITORS] = new TypeError("Failed to fetch");
    client.start();
    await client.send("from the train");
    await vi.waitFor(() => expect(client.state.pending).toMatchObject([{ state: "waiting" }]));
    wire.answers[VISITORS] = { token: "token-late", visitor: { name: null, verified: false } };
    FarEnd.latest.accept();
    await vi.waitFor(() => expect(client.state.pending).toEqual([]));
    expect(token()).toBe("token-late");
  });

  test("a token that died makes a new visitor, who sends what was not sent", async () => {
    await begun();
    const dead = token();
    FarEnd.latest.hangsUp(4401);
    expect(token()).toBeUndefined();
    expect(texts()).toEqual([]);
    FarEnd.latest.accept();
    expect(hello()).toMatchObject({ token: null });
    await client.send("still here");
    await vi.waitFor(() => expect(client.state.pending).toEqual([]));
    expect(token()).not.toBe(dead);
  });

  test("a server that refuses even new tokens is not asked for ever", async () => {
    vi.useFakeTimers();
    wire.answers[MESSAGES] = 401;
    client.start();
    await client.send("no way");
    await vi.advanceTimersByTimeAsync(300_000);
    expect(client.state.pending).toMatchObject([{ state: "failed" }]);
    expect(wire.of("POST", "/api/v1/widget/visitors").length).toBeLessThan(10);
  });

  test("a token without a conversation, refused without one to lose, stops and does not circle", () => {
    client.start();
    FarEnd.latest.accept();
    FarEnd.latest.hangsUp(4401);
    expect(client.state).toMatchObject({ connection: "stopped", stopped: "signed-out" });
    expect(FarEnd.all).toHaveLength(1);
  });
});

describe("marks", () => {
  test("tell once what was received and read together, and nothing of the visitor's own messages", async () => {
    vi.useFakeTimers();
    await begun();
    FarEnd.latest.says({ type: "message", message: message(2, "mine", "id-2") });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FarEnd.latest.of("marks")).toEqual([]);
    FarEnd.latest.says({ type: "message", message: message(3, "theirs") });
    client.markSeen(3);
    FarEnd.latest.says({ type: "message", message: message(4, "theirs too") });
    client.markSeen(4);
    client.markSeen(3);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FarEnd.latest.of("marks")).toEqual([{ type: "marks", delivered: 4, seen: 4 }]);
  });

  test("wait for the connection", async () => {
    vi.useFakeTimers();
    await begun();
    FarEnd.latest.says({ type: "message", message: message(2, "theirs") });
    FarEnd.latest.hangsUp(1006);
    client.markSeen(2);
    await vi.advanceTimersByTimeAsync(20_000);
    FarEnd.latest.accept({ visitor: { name: null, verified: false } });
    await vi.advanceTimersByTimeAsync(200);
    expect(FarEnd.latest.of("marks")).toEqual([{ type: "marks", delivered: 2, seen: 2 }]);
  });

  test("follow one's own messages where nothing before them is unread, on whichever device", async () => {
    await begun();
    FarEnd.latest.says({ type: "message", message: message(2, "mine, in another tab", "id-2") });
    expect(client.state.seen).toBe(2);
    FarEnd.latest.says({ type: "message", message: message(3, "theirs") });
    FarEnd.latest.says({ type: "message", message: message(4, "mine, written offline before", "id-4") });
    expect(client.state.seen).toBe(2);
    client.markSeen(4);
    expect(client.state.seen).toBe(4);
  });

  test("are told before a message that is written after reading", async () => {
    await begun();
    FarEnd.latest.says({ type: "message", message: message(2, "theirs") });
    client.markSeen(2);
    await client.send("an answer at once");
    await vi.waitFor(() => expect(FarEnd.latest.of("send")).toHaveLength(1));
    expect(FarEnd.latest.said.map((frame) => frame["type"]).slice(-2)).toEqual(["marks", "send"]);
  });

  test("made on another device clear the badge here and are not sent back", async () => {
    vi.useFakeTimers();
    await begun();
    FarEnd.latest.says({ type: "message", message: message(2, "theirs") });
    await vi.advanceTimersByTimeAsync(200);
    FarEnd.latest.says({ type: "own_marks", seen: 2 });
    client.markSeen(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(client.state.seen).toBe(2);
    expect(FarEnd.latest.of("marks")).toEqual([{ type: "marks", delivered: 2, seen: 1 }]);
  });
});
