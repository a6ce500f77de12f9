import type { ConversationRow } from "@alongside/contract";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AgentClient } from "../src/agent";
import { memoryStore } from "../src/store";
import { ME } from "./entries";
import { row } from "./rows";
import { FarEnd, Wire } from "./wire";

const LIST = "GET /api/v1/conversations";
const NOBODY = { unread: 0, unresolved: 0, done: 0, all: 0 };

let wire: Wire;
let client: AgentClient;

beforeEach(() => {
  wire = new Wire();
  wire.answers = { [LIST]: { rows: [], next_cursor: null }, [`${LIST}/counts`]: NOBODY };
  client = new AgentClient({ agentId: ME, csrf: "csrf-1", store: memoryStore() });
});

afterEach(() => {
  client.stop();
  vi.unstubAllGlobals();
});

const ids = () => client.list.state.rows.map((one) => one.id);

const due = (minute: number) => ({
  kind: "first" as const,
  due_at: new Date(Date.UTC(2026, 0, 1, 13, minute)).toISOString(),
  warn_at: null,
  left_seconds: null,
});

async function showing(rows: ConversationRow[], next: string | null = null): Promise<void> {
  wire.answers[LIST] = { rows, next_cursor: next };
  await client.list.show({ order: "sla" });
  expect(wire.of("GET", "/api/v1/conversations").at(-1)?.query.get("order")).toBe("sla");
  client.start();
  FarEnd.latest.accept();
  await vi.waitFor(() => expect(ids()).toEqual(rows.map((one) => one.id)));
}

const changed = (now: ConversationRow) =>
  FarEnd.latest.says({ type: "row", row: now, was_status: "unread", was_assignee_id: null });

test("by time left: the soonest first, then the newest; an answer moves a row down, live", async () => {
  await showing([row("b", { minute: 1, sla: due(5) }), row("a", { minute: 2, sla: due(9) })]);
  changed(row("c", { minute: 9 }));
  expect(ids()).toEqual(["b", "a", "c"]);
  changed(row("d", { minute: 8, sla: due(7) }));
  expect(ids()).toEqual(["b", "d", "a", "c"]);
  changed(row("b", { minute: 1, sla: null }));
  expect(ids()).toEqual(["d", "a", "c", "b"]);
});

test("who was deleted does not come back by a page that was read before", async () => {
  const [erased, stays] = [row("b", { minute: 1 }), row("a", { minute: 2 })];
  await showing([stays, erased]);
  let answer = (_: object): void => undefined;
  wire.answers[LIST] = () => new Promise((resolve) => (answer = resolve));
  const reading = client.list.refresh();
  const late = answer;
  FarEnd.latest.says({ type: "contact_erased", contact_id: "contact-b", conversation_ids: ["b"] });
  late({ rows: [stays, erased], next_cursor: null });
  await reading;
  expect(ids()).toEqual(["a"]);
});

test("a row that moves below the window leaves it: paging brings it where it belongs", async () => {
  await showing([row("b", { sla: due(5) }), row("a", { sla: due(9) })], "next");
  changed(row("b", { minute: 30, sla: null }));
  expect(ids()).toEqual(["a"]);
});

test("an older answer does not replace what a newer one has shown", async () => {
  await showing([row("a")]);
  const answers: ((page: object) => void)[] = [];
  wire.answers[LIST] = () => new Promise((resolve) => answers.push(resolve));
  const readings = [client.list.refresh(), client.list.refresh()];
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.({ rows: [row("b")], next_cursor: null });
  await readings[1];
  answers[0]?.({ rows: [row("a")], next_cursor: null });
  await readings[0];
  expect(ids()).toEqual(["b"]);
});
