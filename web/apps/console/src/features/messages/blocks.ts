import type { Pending } from "@alongside/client";
import type {
  Attachment,
  Author,
  Card,
  DeletedEntry,
  EditedEntry,
  Entry,
  Mention,
  MessageEntry,
  NoteEntry,
} from "@alongside/contract";

/** One bubble: a stored message or note, or one that is still on its way. */
export interface Item {
  /** The client id where there is one: the bubble stays the same when the sent message becomes a stored one. */
  key: string;
  seq: number | null;
  publicSeq: number | null;
  text: string;
  /** Shown instead of the text, which says the same. */
  cards: readonly Card[];
  attachments: readonly Attachment[];
  at: string;
  editedAt: string | null;
  deletedAt: string | null;
  /** The number of what it answers to. */
  quote: number | null;
  /** Whom a note names. */
  mentions: readonly Mention[];
  pending: Pending | null;
}

export type Block =
  | { kind: "day"; key: string; at: string }
  | { kind: "episode"; key: string; number: number; at: string }
  | { kind: "new"; key: string }
  | { kind: "group"; key: string; author: Author; note: boolean; items: Item[] }
  | { kind: "told"; key: string; entry: MessageEntry }
  | { kind: "line"; key: string; entry: LineEntry };

/** What is told in one line. An edit or a deletion is not told but seen, where the message stands. */
export type LineEntry = Exclude<Entry, MessageEntry | NoteEntry | EditedEntry | DeletedEntry>;

export interface Story {
  entries: readonly Entry[];
  pending: readonly Pending[];
  agentId: string;
  /** What the agent had read when the conversation was opened; null draws no line. */
  readUpTo: number | null;
}

const TOGETHER_MS = 5 * 60_000;

/** A conversation as it is drawn: by day, by episode, by sender; unsent messages last. */
export function blocks({ entries, pending, agentId, readUpTo }: Story): Block[] {
  const drawn: Block[] = [];
  const stored = new Set(entries.map((entry) => ("client_id" in entry ? entry.client_id : null)));
  let before: Entry | null = null;
  let marked = readUpTo === null;
  for (const entry of entries) {
    if (entry.kind === "edited" || entry.kind === "deleted") continue;
    separate(drawn, before, entry);
    if (!marked && entry.seq > (readUpTo ?? 0) && entry.author.kind === "visitor") {
      marked = true;
      if (before) drawn.push({ kind: "new", key: "new" });
    }
    add(drawn, entry);
    before = entry;
  }
  for (const item of pending) {
    if (!stored.has(item.id)) addPending(drawn, item, agentId);
  }
  return drawn;
}

function separate(drawn: Block[], before: Entry | null, entry: Entry): void {
  if (!before || day(before.at) !== day(entry.at))
    drawn.push({ kind: "day", key: `day-${day(entry.at)}`, at: entry.at });
  if (before && entry.episode > before.episode) {
    drawn.push({ kind: "episode", key: `episode-${entry.episode}`, number: entry.episode, at: entry.at });
  }
}

function add(drawn: Block[], entry: LineEntry | MessageEntry | NoteEntry): void {
  if (entry.kind !== "message" && entry.kind !== "note") {
    drawn.push({ kind: "line", key: `line-${entry.seq}`, entry });
    return;
  }
  if (entry.kind === "message" && entry.author.kind === "system") {
    drawn.push({ kind: "told", key: `told-${entry.seq}`, entry });
    return;
  }
  const item: Item = {
    key: entry.client_id ?? `seq-${entry.seq}`,
    seq: entry.seq,
    publicSeq: entry.kind === "message" ? entry.public_seq : null,
    text: entry.text,
    cards: entry.kind === "message" ? entry.cards : [],
    attachments: entry.attachments,
    at: entry.at,
    editedAt: entry.edited_at,
    deletedAt: entry.deleted_at,
    quote: entry.quote,
    mentions: entry.kind === "note" ? entry.mentions : [],
    pending: null,
  };
  join(drawn, entry.author, entry.kind === "note", item);
  // Answered and closed in one step: one entry of the log, two things that happened.
  if (entry.status === "done")
    drawn.push({ kind: "line", key: `line-${entry.seq}`, entry: { ...entry, kind: "status" } });
}

function addPending(drawn: Block[], pending: Pending, agentId: string): void {
  const item: Item = {
    key: pending.id,
    seq: null,
    publicSeq: null,
    text: pending.text,
    cards: [],
    attachments: pending.attachments,
    at: pending.at,
    editedAt: null,
    deletedAt: null,
    quote: pending.more?.quote ?? null,
    mentions: [],
    pending,
  };
  join(drawn, { kind: "agent", id: agentId }, pending.kind === "note", item);
}

function join(drawn: Block[], author: Author, note: boolean, item: Item): void {
  const last = drawn.at(-1);
  const lastItem = last?.kind === "group" ? last.items.at(-1) : undefined;
  const together =
    last?.kind === "group" &&
    lastItem &&
    last.note === note &&
    last.author.kind === author.kind &&
    last.author.id === author.id &&
    Math.abs(Date.parse(item.at) - Date.parse(lastItem.at)) < TOGETHER_MS;
  if (together) last.items.push(item);
  else drawn.push({ kind: "group", key: `group-${item.key}`, author, note, items: [item] });
}

function day(at: string): string {
  return new Date(at).toDateString();
}

export type Delivery = "sending" | "waiting" | "failed" | "sent" | "delivered" | "read";

/** How far a message of the team has come. `marks` are in the visitor's numbering. */
export function delivery(item: Item, marks: { delivered: number; seen: number }): Delivery {
  if (item.pending) return item.pending.state;
  const seq = item.publicSeq ?? Infinity;
  if (seq <= marks.seen) return "read";
  return seq <= marks.delivered ? "delivered" : "sent";
}
