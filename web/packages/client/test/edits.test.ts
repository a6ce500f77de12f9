import type { EditedEntry, Entry, NoteEntry } from "@alongside/contract";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AgentClient } from "../src/agent";
import { memoryStore } from "../src/store";
import { ME } from "./entries";
import { row } from "./rows";
import { FarEnd, Wire } from "./wire";

let client: AgentClient;

beforeEach(() => {
  new Wire().answers = { "GET /api/v1/conversations": { rows: [], next_cursor: null } };
  client = new AgentClient({ agentId: ME, csrf: "csrf-1", store: memoryStore() });
});

afterEach(() => {
  client.stop();
  vi.unstubAllGlobals();
});

const COMMON = {
  episode: 1,
  author: { kind: "agent" as const, id: ME },
  at: "2026-01-01T12:00:00Z",
  status: null,
  client_id: null,
};
const named = (name: string) => ({ agent_id: name, team_id: null, name });

const note = (text: string, ...names: string[]): NoteEntry => ({
  ...COMMON,
  kind: "note",
  seq: 1,
  text,
  attachments: [],
  edited_at: null,
  deleted_at: null,
  quote: null,
  mentions: names.map(named),
});

const edit = (seq: number, text: string | null, ...names: string[]): EditedEntry => ({
  ...COMMON,
  kind: "edited",
  seq,
  of: 1,
  public_seq: null,
  of_public: null,
  text,
  mentions: names.map(named),
});

test("an edit of a note says whom it names now; of several the last alone says what to", () => {
  client.start();
  FarEnd.latest.accept();
  const conversation = client.conversation("a");
  const first = note("@Ben", "Ben");
  const snapshot = {
    epoch: "e",
    row: row("a", { last_seq: 1 }),
    entries: [first],
    has_more: false,
    seen: [],
  };
  FarEnd.latest.says({ type: "opened", snapshot });
  const told = (entry: Entry) => {
    FarEnd.latest.says({ type: "entry", conversation_id: "a", entry });
    return conversation.state.entries[0];
  };
  expect(told(edit(2, "@Sol", "Sol"))).toMatchObject({ text: "@Sol", mentions: [named("Sol")] });
  expect(told(edit(3, null))).toMatchObject({ text: "@Sol", mentions: [named("Sol")] });
  expect(told(edit(4, "Nobody"))).toMatchObject({ text: "Nobody", mentions: [] });
});
