import { describe, expect, it } from "vitest";
import type { Entry } from "@alongside/contract";
import type { Pending } from "@alongside/client";
import { blocks, delivery, type Block } from "../src/features/messages/blocks";

const ADA = "ada";
const start = new Date(2026, 2, 10, 9, 0, 0).getTime();
const at = (minutes: number) => new Date(start + minutes * 60_000).toISOString();

function message(seq: number, who: "visitor" | "agent", minutes: number, more: Partial<Entry> = {}): Entry {
  const author = { kind: who, id: who === "agent" ? ADA : "visitor-1" };
  const base = {
    seq,
    episode: 1,
    author,
    at: at(minutes),
    status: null,
    public_seq: seq,
    client_id: null,
    attachments: [],
  };
  return { kind: "message", text: `text ${seq}`, ...base, ...more } as Entry;
}

const draw = (entries: Entry[], pending: Pending[] = [], readUpTo: number | null = null) =>
  blocks({ entries, pending, agentId: ADA, readUpTo });
const kinds = (drawn: Block[]) => drawn.map((block) => block.kind);

function unsent(id: string, kind: "message" | "note" = "message"): Pending {
  const item = { id, owner: "", scope: "", kind, text: "unsent", attachments: [], thenDone: false };
  return { ...item, at: at(3), problem: null, state: "sending" };
}

describe("a conversation as it is drawn", () => {
  it("tells apart what nobody wrote", () => {
    const told = message(2, "agent", 1, { author: { kind: "system", id: null } });
    expect(kinds(draw([message(1, "agent", 0), told, message(3, "agent", 2)]))).toEqual([
      "day",
      "group",
      "told",
      "group",
    ]);
  });

  it("groups what one person writes within five minutes", () => {
    const drawn = draw([message(1, "visitor", 0), message(2, "visitor", 2), message(3, "visitor", 9)]);
    expect(kinds(drawn)).toEqual(["day", "group", "group"]);
    expect(drawn[1]).toMatchObject({ items: [{ text: "text 1" }, { text: "text 2" }] });
  });

  it("never joins a note to a reply", () => {
    const note = { kind: "note" } as Partial<Entry>;
    const drawn = draw([message(1, "agent", 0), message(2, "agent", 1, note), message(3, "agent", 2)]);
    expect(drawn.slice(1).map((block) => block.kind === "group" && block.note)).toEqual([false, true, false]);
  });

  it("begins each day and each new episode with a line", () => {
    const drawn = draw([message(1, "visitor", 0), message(2, "visitor", 24 * 60, { episode: 2 })]);
    expect(kinds(drawn)).toEqual(["day", "group", "day", "episode", "group"]);
  });

  it("draws status and assignment as lines between", () => {
    const status = { kind: "status", status: "done" } as Partial<Entry>;
    expect(kinds(draw([message(1, "visitor", 0), message(2, "agent", 1, status)]))).toEqual([
      "day",
      "group",
      "line",
    ]);
  });

  it("marks where the agent had read to, before the visitor's next message", () => {
    const drawn = draw([message(1, "visitor", 0), message(2, "agent", 1), message(3, "visitor", 2)], [], 1);
    expect(kinds(drawn)).toEqual(["day", "group", "group", "new", "group"]);
    expect(kinds(draw([message(1, "visitor", 0)], [], 0))).toEqual(["day", "group"]);
    expect(kinds(draw([message(1, "visitor", 0), message(2, "visitor", 1)], [], null))).toEqual([
      "day",
      "group",
    ]);
  });

  it("shows a sent message once, in the same bubble as when it was on its way", () => {
    const before = draw([message(1, "visitor", 0)], [unsent("c1")]);
    const after = draw(
      [message(1, "visitor", 0), message(2, "agent", 3, { client_id: "c1" } as Partial<Entry>)],
      [unsent("c1")],
    );
    const keys = (drawn: Block[]) =>
      drawn.flatMap((block) => (block.kind === "group" ? block.items.map((item) => item.key) : []));
    expect(keys(before)).toEqual(["seq-1", "c1"]);
    expect(keys(after)).toEqual(["seq-1", "c1"]);
    expect(before.at(-1)?.key).toBe(after.at(-1)?.key);
  });

  it("keeps unsent messages last and notes apart", () => {
    const drawn = draw([message(1, "agent", 0)], [unsent("c1"), unsent("c2", "note")]);
    expect(drawn.slice(1).map((block) => block.kind === "group" && [block.note, block.items.length])).toEqual(
      [
        [false, 2],
        [true, 1],
      ],
    );
  });
});

describe("how far a message has come", () => {
  const item = {
    key: "",
    seq: 4,
    publicSeq: 3,
    text: "",
    cards: [],
    attachments: [],
    at: at(0),
    editedAt: null,
    deletedAt: null,
    quote: null,
    mentions: [],
    pending: null,
  };

  it("is told by the visitor's numbering", () => {
    expect(delivery(item, { delivered: 2, seen: 2 })).toBe("sent");
    expect(delivery(item, { delivered: 3, seen: 2 })).toBe("delivered");
    expect(delivery(item, { delivered: 3, seen: 3 })).toBe("read");
  });

  it("is never 'sent' before the server said so", () => {
    expect(
      delivery({ ...item, seq: null, publicSeq: null, pending: unsent("c1") }, { delivered: 9, seen: 9 }),
    ).toBe("sending");
  });
});
