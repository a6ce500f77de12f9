import type {
  AgentFrame,
  AgentSeen,
  Attachment,
  ConversationRow,
  ConversationSnapshot,
  EditedEntry,
  EditMessage,
  Entry,
  EntryPage,
  MessageEntry,
  NoteEntry,
  Status,
} from "@alongside/contract";
import { Emitter } from "./emitter";
import type { Http } from "./http";
import { Log } from "./log";
import type { Outbox } from "./outbox";
import type { Pending } from "./store";
import { Fading, OwnTyping } from "./typing";

interface Links {
  agentId: string;
  http: Http;
  outbox: Outbox;
  say(frame: AgentFrame): boolean;
  /** A row came with an answer: the list may want it. */
  row(row: ConversationRow): void;
}

export interface ConversationState {
  id: string;
  /** Null until the first snapshot. */
  row: ConversationRow | null;
  /** A contiguous window that ends at the newest entry. */
  entries: Entry[];
  hasMore: boolean;
  /** Unsent messages and notes of this agent here, oldest first. */
  pending: Pending[];
  /** Agent id to the last entry they have read. */
  seen: ReadonlyMap<string, number>;
  visitorTyping: boolean;
  /** What the visitor writes and has not sent, from channels that show it; "" is nothing. */
  visitorPreview: string;
  /** Agent id of each colleague who types, and whether it is a note. */
  agentsTyping: ReadonlyMap<string, boolean>;
  /** Why the conversation could not be opened, in the server's words. */
  refused: { code: string; message: string } | null;
}

interface ConversationEvents {
  state: ConversationState;
  /** Entries that came live, in order: for sounds and screen readers. */
  news: Entry[];
}

/** One conversation that an agent has open: its log, marks, typing and unsent messages. */
export class OpenConversation extends Emitter<ConversationEvents> {
  readonly log: Log<Entry>;
  state: ConversationState;
  private readonly typing: OwnTyping;
  private typingNote = false;
  private readonly visitor = new Fading<"visitor", true>(() =>
    this.set({ visitorTyping: this.visitor.values.size > 0 }),
  );
  private readonly preview = new Fading<"visitor", string>(() =>
    this.set({ visitorPreview: this.preview.values.get("visitor") ?? "" }),
  );
  private readonly agents = new Fading<string, boolean>(() =>
    this.set({ agentsTyping: new Map(this.agents.values) }),
  );
  private seenSent = 0;
  private seenWanted = 0;
  private olderRunning: Promise<void> | null = null;

  constructor(
    readonly id: string,
    private links: Links,
  ) {
    super();
    this.state = {
      id,
      row: null,
      entries: [],
      hasMore: false,
      pending: [],
      seen: new Map(),
      visitorTyping: false,
      visitorPreview: "",
      agentsTyping: new Map(),
      refused: null,
    };
    this.log = new Log<Entry>({
      apply: changed,
      ask: () => this.follow(),
      changed: (added, fresh) => this.logChanged(added, fresh),
    });
    this.typing = new OwnTyping((on) =>
      this.links.say({ type: "typing", conversation_id: id, on, note: this.typingNote }),
    );
  }

  /** Calls back with the state now and after each change, until the returned function is called. */
  subscribe(listener: (state: ConversationState) => void): () => void {
    listener(this.state);
    return this.on("state", listener);
  }

  send(
    text: string,
    thenDone = false,
    attachments: Attachment[] = [],
    more: Pending["more"] = {},
  ): Promise<Pending> {
    this.typing.stop();
    return this.links.outbox.add({ scope: this.id, text, attachments, thenDone, more });
  }

  note(text: string, attachments: Attachment[] = [], more: Pending["more"] = {}): Promise<Pending> {
    this.typing.stop();
    return this.links.outbox.add({ scope: this.id, text, attachments, kind: "note", more });
  }

  /** One entry that is not loaded; null where there is none. Throws when the server cannot be reached. */
  async entry(seq: number): Promise<Entry | null> {
    const path = `/conversations/${this.id}/entries?after=${seq - 1}&limit=1`;
    const { entries } = await this.links.http.get<EntryPage>(path);
    return entries[0]?.seq === seq ? entries[0] : null;
  }

  /** Give one's own message or note another text; `client_id` is made once per user action. Throws a refusal. */
  async edit(seq: number, change: EditMessage): Promise<void> {
    await this.links.http.patch(`/conversations/${this.id}/entries/${seq}`, change);
  }

  /** Take one's own message or note away. Throws a refusal. */
  async remove(seq: number): Promise<void> {
    await this.links.http.delete(`/conversations/${this.id}/entries/${seq}`);
  }

  /** To be called at each key press in the composer. */
  pressed(note: boolean): void {
    if (note !== this.typingNote) this.typing.stop();
    this.typingNote = note;
    this.typing.pressed();
  }

  stopTyping(): void {
    this.typing.stop();
  }

  /** The agent has read everything up to `seq`. */
  markSeen(seq: number): void {
    this.seenWanted = Math.max(this.seenWanted, seq);
    if (this.seenWanted <= this.seenSent) return;
    const frame: AgentFrame = { type: "seen", conversation_id: this.id, seq: this.seenWanted };
    if (this.links.say(frame)) this.seenSent = this.seenWanted;
    this.agentMark(this.links.agentId, this.seenWanted);
  }

  async setStatus(status: Status): Promise<void> {
    this.took(
      await this.links.http.put<{ row: ConversationRow }>(`/conversations/${this.id}/status`, { status }),
    );
  }

  /** Give it to an agent or a team, or to nobody with both null. Refused where others have it than is shown here. */
  async assign(agentId: string | null, teamId: string | null): Promise<void> {
    const row = this.state.row;
    const held = row ? { held_by: row.assignee_id ?? row.team_id } : {};
    const body = { agent_id: agentId, team_id: teamId, ...held };
    this.took(
      await this.links.http.put<{ row: ConversationRow }>(`/conversations/${this.id}/assignment`, body),
    );
  }

  /** Read the page of entries before the window. Throws when the server cannot be reached. */
  older(): Promise<void> {
    this.olderRunning ??= this.readOlder().finally(() => (this.olderRunning = null));
    return this.olderRunning;
  }

  /** Ask for the snapshot, or for what is missing since the last entry. */
  follow(): void {
    const resume = this.log.position;
    const sent = this.links.say({ type: "open", conversation_id: this.id, resume });
    if (!sent && !resume) void this.readOverHttp();
    if (this.seenWanted > this.seenSent) this.markSeen(this.seenWanted); // said while the socket was away
  }

  opened(snapshot: ConversationSnapshot): void {
    this.set({ refused: null });
    this.setRow(snapshot.row);
    this.setSeen(snapshot.seen);
    this.log.reset(snapshot.epoch, snapshot.entries, snapshot.row.last_seq, snapshot.has_more);
  }

  resumed(row: ConversationRow, entries: Entry[], seen: AgentSeen[]): void {
    this.set({ refused: null });
    this.setRow(row);
    this.setSeen(seen);
    this.log.addAll(entries);
  }

  setRow(row: ConversationRow): void {
    if (this.state.refused) this.follow(); // it has come into sight again
    if (!this.state.row || row.last_seq >= this.state.row.last_seq)
      this.set({ row: withMarks(row, this.state.row) });
  }

  setPending(pending: Pending[]): void {
    this.set({ pending });
  }

  visitorTyping(on: boolean): void {
    if (on) this.visitor.set("visitor", true);
    else this.visitorStopped();
  }

  visitorPreview(text: string): void {
    if (text) this.preview.set("visitor", text);
    else this.preview.delete("visitor");
  }

  agentTyping(agentId: string, on: boolean, note: boolean): void {
    if (on) this.agents.set(agentId, note);
    else this.agents.delete(agentId);
  }

  visitorMarks(delivered: number, seen: number): void {
    const row = this.state.row;
    if (row) this.set({ row: withMarks(row, { visitor_delivered: delivered, visitor_seen: seen }) });
  }

  agentMark(agentId: string, seq: number): void {
    this.setSeen([{ agent_id: agentId, seq }]);
  }

  /** The first reason stays: what is asked for afterwards is only not there. */
  refused(refused: { code: string; message: string }): void {
    this.set({ refused: this.state.refused ?? refused });
  }

  dispose(): void {
    this.typing.stop();
    this.log.dispose();
    this.visitor.clear();
    this.preview.clear();
    this.agents.clear();
  }

  private visitorStopped(): void {
    this.visitor.delete("visitor");
    this.preview.delete("visitor");
  }

  private took({ row }: { row: ConversationRow }): void {
    this.setRow(row);
    this.links.row(row);
  }

  private async readOverHttp(): Promise<void> {
    const path = `/conversations/${this.id}`;
    const snapshot = await this.links.http.get<ConversationSnapshot>(path).catch(() => null);
    if (snapshot) this.opened(snapshot);
  }

  private async readOlder(): Promise<void> {
    const first = this.state.entries[0]?.seq;
    if (!this.state.hasMore || first === undefined) return;
    const page = await this.links.http.get<EntryPage>(
      `/conversations/${this.id}/entries?before=${first}&limit=50`,
    );
    this.log.prepend(page.entries, page.has_more);
  }

  private logChanged(added: Entry[], fresh: boolean): void {
    for (const entry of added) this.settle(entry);
    this.set({ entries: this.log.entries, hasMore: this.log.hasMore });
    if (!fresh && added.length > 0) this.emit("news", added);
  }

  private settle(entry: Entry): void {
    if (entry.kind !== "message" && entry.kind !== "note") return;
    if (entry.client_id) void this.links.outbox.settled(entry.client_id);
    if (entry.author.kind === "visitor") this.visitorStopped();
    else if (entry.author.id) this.agents.delete(entry.author.id);
  }

  private setSeen(seen: AgentSeen[]): void {
    const marks = new Map(this.state.seen);
    for (const { agent_id, seq } of seen) marks.set(agent_id, Math.max(seq, marks.get(agent_id) ?? 0));
    this.set({ seen: marks });
  }

  private set(change: Partial<ConversationState>): void {
    this.state = { ...this.state, ...change };
    this.emit("state", this.state);
  }
}

/** What became of an earlier message or note. */
function changed(entries: Entry[], by: Entry): Entry[] {
  if (by.kind !== "edited" && by.kind !== "deleted") return entries;
  return entries.map((entry) => {
    if (entry.seq !== by.of || (entry.kind !== "message" && entry.kind !== "note")) return entry;
    if (by.kind === "edited") return edited(entry, by);
    const empty = { text: "", attachments: [], quote: null, deleted_at: by.at };
    return entry.kind === "note"
      ? { ...entry, ...empty, mentions: [] }
      : { ...entry, ...empty, cards: [], quote_public: null };
  });
}

/** Of several edits the last alone says what to. */
function edited(entry: MessageEntry | NoteEntry, { text, mentions, at }: EditedEntry): Entry {
  if (text === null) return { ...entry, edited_at: at };
  return { ...entry, text, edited_at: at, ...(entry.kind === "note" && { mentions }) };
}

type Marks = Pick<ConversationRow, "visitor_delivered" | "visitor_seen">;

/** Marks only move forward, whichever of two answers came later. */
export function withMarks(row: ConversationRow, marks: Marks | null): ConversationRow {
  if (!marks) return row;
  return {
    ...row,
    visitor_delivered: Math.max(row.visitor_delivered, marks.visitor_delivered),
    visitor_seen: Math.max(row.visitor_seen, marks.visitor_seen),
  };
}
