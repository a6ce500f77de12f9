import type { ConversationRow, Entry, Status } from "@alongside/contract";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AgentClient } from "../src/agent";
import { memoryStore } from "../src/store";
import { ME, message } from "./entries";
import { row } from "./rows";
import { FarEnd, Wire } from "./wire";

const LIST = "GET /api/v1/conversations";
const COUNTS = "GET /api/v1/conversations/counts";

let wire: Wire;
let client: AgentClient;

beforeEach(() => {
  wire = new Wire();
  wire.answers = { [LIST]: { rows: [], next_cursor: null }, [COUNTS]: counts(0, 0, 0) };
  client = new AgentClient({ agentId: ME, csrf: "csrf-1", store: memoryStore() });
});

afterEach(() => {
  client.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const counts = (unread: number, unresolved: number, done: number) => ({
  unread,
  unresolved,
  done,
  all: unread + unresolved + done,
});
const ids = () => client.list.state.rows.map((one) => one.id);

async function showing(rows: ConversationRow[], next: string | null = null): Promise<void> {
  wire.answers[LIST] = { rows, next_cursor: next };
  client.start();
  FarEnd.latest.accept();
  await vi.waitFor(() => expect(ids()).toEqual(rows.map((one) => one.id)));
}

const changed = (now: ConversationRow, was: Status | null, wasAssignee: string | null = null) =>
  FarEnd.latest.says({ type: "row", row: now, was_status: was, was_assignee_id: wasAssignee });

describe("the list", () => {
  test("a changed row moves to its place, a new one comes in, one that left the folder goes", async () => {
    await showing([row("b", { minute: 2 }), row("a", { minute: 1 })]);
    changed(row("a", { minute: 3, last_seq: 2 }), "unread");
    expect(ids()).toEqual(["a", "b"]);
    changed(row("c", { minute: 4 }), null);
    expect(ids()).toEqual(["c", "a", "b"]);
    changed(row("a", { minute: 3, last_seq: 3, status: "done" }), "unread");
    expect(ids()).toEqual(["c", "b"]);
  });

  test("an older row never replaces a newer one, in whatever order they come", async () => {
    await showing([row("a", { last_seq: 5 })]);
    changed(row("a", { last_seq: 4, status: "done" }), "unread");
    expect(client.list.state.rows[0]).toMatchObject({ last_seq: 5, status: "unread" });
  });

  test("rows below the window stay out while there is more to page", async () => {
    await showing([row("c", { minute: 9 }), row("b", { minute: 8 })], "next");
    changed(row("old", { minute: 1 }), null);
    expect(ids()).toEqual(["c", "b"]);
  });

  test("a page that was read while a row changed does not bring the old row back", async () => {
    await showing([row("a", { last_seq: 1 })]);
    let answer = (_: object): void => undefined;
    wire.answers[LIST] = () => new Promise((resolve) => (answer = resolve));
    const reading = client.list.refresh();
    changed(row("a", { last_seq: 2, status: "done" }), "unread");
    answer({ rows: [row("a", { last_seq: 1 })], next_cursor: null });
    await reading;
    expect(ids()).toEqual([]);
  });

  test("Mine and the search decide what comes in", async () => {
    await showing([]);
    await client.list.show({ mine: true, search: "müller" });
    changed(row("theirs", { name: "Anna Muller", assignee_id: "other" }), null);
    changed(row("mine", { name: "Anna Muller", assignee_id: ME }), null);
    changed(row("else", { name: "Bo", assignee_id: ME }), null);
    expect(ids()).toEqual(["mine"]);
    expect(wire.of("GET", "/api/v1/conversations").at(-1)?.query.get("search")).toBe("müller");
  });

  test("a label is of the conversation or of its contact, and counts heed it", async () => {
    await showing([]);
    await client.list.show({ label: "vip" });
    expect(wire.of("GET", "/api/v1/conversations").at(-1)?.query.get("label")).toBe("vip");
    await vi.waitFor(() =>
      expect(wire.of("GET", "/api/v1/conversations/counts").at(-1)?.query.get("label")).toBe("vip"),
    );
    const contact = { ...row("b").contact, label_ids: ["vip"] };
    changed({ ...row("a"), label_ids: ["other", "vip"] }, null);
    changed({ ...row("b", { minute: 1 }), contact }, null);
    changed(row("c", { minute: 2 }), null);
    expect(ids()).toEqual(["b", "a"]);
    expect(client.list.state.counts?.unread).toBe(2);
    changed(row("a"), "unread");
    expect(ids()).toEqual(["b"]);
  });

  test("whether a new row belongs to a period is asked, not guessed", async () => {
    await showing([row("a")]);
    await client.list.show({ period: "2026-11-01..2026-11-27" });
    expect(`${wire.of("GET", "/api/v1/conversations").at(-1)?.query}`).toMatch(
      /first=2026-11-01&last=2026-11-27/,
    );
    changed(row("new", { minute: 1 }), null);
    changed(row("a", { last_seq: 5 }), "unread");
    expect([ids(), client.list.state.rows[0]?.last_seq]).toEqual([["a"], 5]);
    wire.answers[LIST] = { rows: [row("new", { minute: 1 }), row("a", { last_seq: 5 })], next_cursor: null };
    await vi.waitFor(() => expect(ids()).toEqual(["new", "a"]), { timeout: 20_000 });
  }, 30_000);

  test("counts follow the rows, each change once", async () => {
    wire.answers[COUNTS] = counts(3, 2, 1);
    await showing([row("a")]);
    await vi.waitFor(() => expect(client.list.state.counts).toEqual(counts(3, 2, 1)));
    const answered = row("a", { status: "unresolved", last_seq: 2 });
    changed(answered, "unread");
    changed(answered, "unread");
    expect(client.list.state.counts).toEqual(counts(2, 3, 1));
    changed(row("new"), null);
    expect(client.list.state.counts).toEqual(counts(3, 3, 1));
  });

  test("a count at its limit stays there until it is read again", async () => {
    wire.answers[COUNTS] = { unread: 10_000, unresolved: 0, done: 0, all: 10_000 };
    await showing([row("a")]);
    await vi.waitFor(() => expect(client.list.state.counts?.unread).toBe(10_000));
    changed(row("a", { status: "done", last_seq: 2 }), "unread");
    expect(client.list.state.counts).toEqual({ unread: 10_000, unresolved: 0, done: 1, all: 10_000 });
  });

  test("what is taken out of sight goes, is counted no more, and comes back only by a newer entry", async () => {
    wire.answers[COUNTS] = counts(2, 0, 0);
    await showing([row("a", { last_seq: 3 }), row("b")]);
    await vi.waitFor(() => expect(client.list.state.counts).toEqual(counts(2, 0, 0)));
    const conversation = client.conversation("a");
    for (const was_status of ["unread", "unread"] as const)
      FarEnd.latest.says({ type: "row_gone", conversation_id: "a", last_seq: 4, was_status });
    expect(conversation.state.refused?.code).toBe("conversation-taken");
    client.list.patch(row("a", { last_seq: 4 }), undefined); // the late answer to one's own handing over
    expect(ids()).toEqual(["b"]);
    expect(client.list.state.counts).toEqual(counts(1, 0, 0));
    changed(row("a", { last_seq: 5, assignee_id: ME }), null);
    expect(client.list.state.counts).toEqual(counts(2, 0, 0));
    expect(FarEnd.latest.of("open")).toHaveLength(2);
  });

  test("a page that was read before it was taken does not bring it back", async () => {
    await showing([row("a")]);
    let answer = (_: object): void => undefined;
    wire.answers[LIST] = () => new Promise((resolve) => (answer = resolve));
    const reading = client.list.refresh();
    FarEnd.latest.says({ type: "row_gone", conversation_id: "a", last_seq: 2, was_status: null });
    answer({ rows: [row("a")], next_cursor: null });
    await reading;
    expect(ids()).toEqual([]);
  });

  test("a folder that cannot be read for want of a connection shows what is known of it", async () => {
    await showing([row("a"), row("b", { status: "done" })]);
    for (const id of ["c", "d"]) client.list.patch(row(id, { status: "done", last_seq: 3 }), undefined);
    client.list.take("d", 4, "done");
    wire.answers[LIST] = new TypeError("Failed to fetch");
    await client.list.show({ folder: "done" });
    expect(ids().sort()).toEqual(["b", "c"]);
    expect(client.list.state.failed).toBeInstanceOf(TypeError);
    wire.answers[LIST] = { rows: [row("b", { status: "done" })], next_cursor: null };
    await client.list.refresh();
    expect([ids(), client.list.state.failed]).toEqual([["b"], null]);
  });

  test("a failed read is told and the rows stay", async () => {
    await showing([row("a")]);
    wire.answers[LIST] = 503;
    await client.list.refresh();
    expect(ids()).toEqual(["a"]);
    expect(client.list.state.failed).toMatchObject({ status: 503, code: "code-503" });
  });
});

describe("an open conversation", () => {
  const snapshot = (entries: Entry[]) => ({
    epoch: "e",
    row: row("a", { last_seq: entries.length }),
    entries,
    has_more: false,
    seen: [{ agent_id: "other", seq: 1 }],
  });

  async function opened() {
    await showing([row("a")]);
    const conversation = client.conversation("a");
    FarEnd.latest.says({ type: "opened", snapshot: snapshot([message(1, "hello")]) });
    return conversation;
  }

  test("is asked for once and shows its snapshot", async () => {
    const conversation = await opened();
    expect(client.conversation("a")).toBe(conversation);
    expect(FarEnd.latest.of("open")).toEqual([{ type: "open", conversation_id: "a", resume: null }]);
    expect(conversation.state.entries.map((entry) => entry.seq)).toEqual([1]);
    expect(conversation.state.seen.get("other")).toBe(1);
  });

  test("resumes after a lost connection from where it was", async () => {
    const conversation = await opened();
    FarEnd.latest.says({ type: "entry", conversation_id: "a", entry: message(2, "two") });
    client.signedIn("csrf-2"); // a new socket
    FarEnd.latest.accept();
    expect(FarEnd.latest.of("hello")).toEqual([{ type: "hello", csrf: "csrf-2" }]);
    expect(FarEnd.latest.of("open")).toEqual([
      { type: "open", conversation_id: "a", resume: { epoch: "e", seq: 2 } },
    ]);
    const missed = [message(3, "three")];
    FarEnd.latest.says({ type: "resumed", row: row("a", { last_seq: 3 }), entries: missed, seen: [] });
    expect(conversation.state.entries.map((entry) => entry.seq)).toEqual([1, 2, 3]);
  });

  test("a restored backup starts it afresh", async () => {
    await opened();
    client.signedIn("csrf-1");
    FarEnd.latest.accept({ epoch: "another" });
    expect(FarEnd.latest.of("open")).toEqual([{ type: "open", conversation_id: "a", resume: null }]);
  });

  test("a message is pending until acknowledged, then in the log, once", async () => {
    const conversation = await opened();
    const { id } = await conversation.send("answer", true);
    await vi.waitFor(() => expect(FarEnd.latest.of("send")).toHaveLength(1));
    expect(FarEnd.latest.of("send")[0]).toMatchObject({ client_id: id, text: "answer", then_done: true });
    expect(conversation.state.pending).toMatchObject([{ id, state: "sending" }]);
    const entry = message(2, "answer", id);
    FarEnd.latest.says({ type: "ack", conversation_id: "a", client_id: id, entry });
    FarEnd.latest.says({ type: "entry", conversation_id: "a", entry });
    await vi.waitFor(() => expect(conversation.state.pending).toEqual([]));
    expect(conversation.state.entries.map((one) => one.seq)).toEqual([1, 2]);
  });

  test("a refused message stays, with the server's words", async () => {
    const conversation = await opened();
    const { id } = await conversation.note("too long");
    await vi.waitFor(() => expect(FarEnd.latest.of("note")).toHaveLength(1));
    const words = { code: "text-too-long", message: "Shorten it." };
    FarEnd.latest.says({
      type: "error",
      client_id: id,
      ...words,
      conversation_id: null,
      retry_after_ms: null,
    });
    await vi.waitFor(() =>
      expect(conversation.state.pending[0]).toMatchObject({ state: "failed", problem: words }),
    );
  });

  test("without a socket it is sent over HTTP, with the CSRF token", async () => {
    const path = "/api/v1/conversations/a/messages";
    wire.answers[`POST ${path}`] = (asked) => ({
      entry: message(1, "by post", String(asked.body["client_id"])),
    });
    const conversation = client.conversation("a");
    await conversation.send("by post");
    await vi.waitFor(() => expect(conversation.state.pending).toEqual([]));
    expect(wire.of("POST", path)).toHaveLength(1);
    expect(wire.of("POST", path)[0]?.headers["X-CSRF-Token"]).toBe("csrf-1");
  });

  test("a session that ended holds what is unsent until somebody signs in again", async () => {
    const path = "/api/v1/conversations/a/messages";
    wire.answers[`POST ${path}`] = 401;
    const conversation = client.conversation("a");
    const { id } = await conversation.send("kept");
    await vi.waitFor(() => expect(conversation.state.pending).toMatchObject([{ id, state: "waiting" }]));
    client.signedIn("csrf-2");
    FarEnd.latest.accept();
    await vi.waitFor(() =>
      expect(FarEnd.latest.of("send")[0]).toMatchObject({ client_id: id, text: "kept" }),
    );
  });

  test("seen marks only move forward and are said again after a lost connection", async () => {
    const conversation = await opened();
    conversation.markSeen(1);
    conversation.markSeen(1);
    expect(FarEnd.latest.of("seen")).toHaveLength(1);
    client.signedIn("csrf-1"); // not welcomed yet
    conversation.markSeen(4);
    FarEnd.latest.accept();
    expect(FarEnd.latest.of("seen")).toEqual([{ type: "seen", conversation_id: "a", seq: 4 }]);
  });

  test("typing is forgotten six seconds after it was last heard of, and when the message comes", async () => {
    const conversation = await opened();
    vi.useFakeTimers();
    FarEnd.latest.says({ type: "visitor_typing", conversation_id: "a", on: true });
    expect(conversation.state.visitorTyping).toBe(true);
    vi.advanceTimersByTime(6_000);
    expect(conversation.state.visitorTyping).toBe(false);
    FarEnd.latest.says({ type: "visitor_typing", conversation_id: "a", on: true });
    FarEnd.latest.says({ type: "entry", conversation_id: "a", entry: message(2, "there") });
    expect(conversation.state.visitorTyping).toBe(false);
  });

  test("a refused opening is told", async () => {
    await showing([]);
    const conversation = client.conversation("gone");
    const words = { code: "not-found", message: "There is no such conversation." };
    FarEnd.latest.says({
      type: "error",
      ...words,
      client_id: null,
      conversation_id: "gone",
      retry_after_ms: null,
    });
    expect(conversation.state.refused).toMatchObject(words);
  });
});
