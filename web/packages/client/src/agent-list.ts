import type {
  ConversationCounts,
  ConversationList as Page,
  ConversationRow,
  Folder,
  Order,
  RowTarget,
  Status,
} from "@alongside/contract";
import { withMarks } from "./agent-conversation";
import { Emitter } from "./emitter";
import { HttpError, type Http } from "./http";

export interface ListFilter {
  folder: Folder;
  /** By the newest message, or by the time that is left to SLA targets. */
  order: Order;
  mine: boolean;
  /** A kind of provider or a channel's id; null for all. */
  provider: string | null;
  /** A label's id that the conversation or its contact carries; null for all. */
  label: string | null;
  /** Days of which one saw a conversation of it begin, "2026-11-01..2026-11-27"; null for any time. */
  period: string | null;
  /** Part of a contact's name. */
  search: string;
}

export interface ListState {
  filter: ListFilter;
  /** In the order of the filter: a window of the folder from its top. */
  rows: ConversationRow[];
  hasMore: boolean;
  /** Each counted up to 10,000 and no further; null until read. */
  counts: ConversationCounts | null;
  loading: boolean;
  /** The last read failed; the rows shown may be old. */
  failed: unknown;
}

interface Was {
  status: Status | null;
  assigneeId: string | null;
}

const PAGE = 50;
const COUNTED = 10_000;
const REMEMBERED = 500;
const RECOUNT_MS = 5_000;

/** The inbox's list: a window read over HTTP, kept true by row patches. */
export class ConversationList extends Emitter<{ state: ListState }> {
  state: ListState = {
    filter: {
      folder: "unread",
      order: "newest",
      mine: false,
      provider: null,
      label: null,
      period: null,
      search: "",
    },
    rows: [],
    hasMore: false,
    counts: null,
    loading: false,
    failed: null,
  };
  private cursor: string | null = null;
  private reading = 0;
  /** Readings are numbered: what was asked before the one that is shown says nothing any more. */
  private asked = 0;
  private shown = 0;
  /** Rows that changed while a page was being read: the page may be older than they are. */
  private patched = new Map<string, ConversationRow>();
  private newest = new Map<string, number>();
  /** Rows that were taken from this agent's sight, and the entry that did it: what is no newer does not come back. */
  private gone = new Map<string, number>();
  /** Rows as they were last seen, the latest at the end: what a folder shows that cannot be read for want of a connection. */
  private seen = new Map<string, ConversationRow>();
  private recount: ReturnType<typeof setTimeout> | undefined;
  private reread: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private http: Http,
    private agentId: string,
  ) {
    super();
  }

  /** Calls back with the state now and after each change, until the returned function is called. */
  subscribe(listener: (state: ListState) => void): () => void {
    listener(this.state);
    return this.on("state", listener);
  }

  /** Show another folder or filter; fields left out stay. */
  async show(change: Partial<ListFilter>): Promise<void> {
    const filter = { ...this.state.filter, ...change };
    const countsStay = sameCounts(filter, this.state.filter);
    this.set({ filter, rows: [], hasMore: false, ...(countsStay ? {} : { counts: null }) });
    await this.refresh();
  }

  /** Read as much of the window as is shown, and the counts, again. */
  async refresh(): Promise<void> {
    clearTimeout(this.reread);
    this.reread = undefined;
    const size = Math.min(200, Math.max(PAGE, this.state.rows.length));
    await Promise.all([this.read(null, size), this.count()]);
  }

  /** Read the next page below the window. */
  async more(): Promise<void> {
    if (this.cursor !== null && !this.state.loading) await this.read(this.cursor, PAGE);
  }

  /**
   * A row as it is now. `was` says where it stood before, for the counts; undefined when the row came with an answer
   * and its change is told apart. True when it tells something newer than was known.
   */
  patch(row: ConversationRow, was: Was | undefined): boolean {
    if (this.isGone(row)) return false;
    const known = this.newest.get(row.id) ?? -1;
    const isNew = row.last_seq > known;
    if (row.last_seq < known) return false;
    if (was) this.newest.set(row.id, row.last_seq);
    if (this.reading > 0) this.patched.set(row.id, row);
    this.remember([row]);
    if (was && isNew) this.adjust(row, was);
    else if (was && this.state.filter.label !== null) this.countSoon(); // a label came or went: no new entry tells
    if (this.isUntold(row)) this.reread ??= setTimeout(() => void this.refresh(), RECOUNT_MS);
    this.set({ rows: this.place(this.state.rows, row) });
    return isNew;
  }

  /** These conversations are gone. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.patched.delete(id);
    for (const id of ids) this.seen.delete(id);
    for (const id of ids) this.gone.set(id, Infinity);
    this.set({ rows: this.state.rows.filter((row) => !ids.includes(row.id)) });
    void this.refresh();
  }

  /** The agent may not see this conversation any more, from its entry `seq` on. */
  take(id: string, seq: number, wasStatus: Status | null): void {
    if (seq <= (this.gone.get(id) ?? -1)) return;
    this.gone.set(id, seq);
    this.patched.delete(id);
    this.seen.delete(id);
    const row = this.state.rows.find((one) => one.id === id);
    this.set({ rows: this.state.rows.filter((one) => one.id !== id) });
    const { counts } = this.state;
    const counted = row === undefined || this.counted(row, row.assignee_id);
    if (counts && wasStatus && counted) {
      const less = (folder: Folder) => Math.max(0, counts[folder] - 1);
      this.set({ counts: { ...counts, [wasStatus]: less(wasStatus), all: less("all") } });
    }
    this.recount ??= setTimeout(() => void this.count(), RECOUNT_MS);
  }

  /** A row does not say when its conversations began: whether a new one belongs to a period is asked again. */
  private isUntold(row: ConversationRow): boolean {
    return this.state.filter.period !== null && !this.state.rows.some((one) => one.id === row.id);
  }

  private isGone(row: ConversationRow): boolean {
    return row.last_seq <= (this.gone.get(row.id) ?? -1);
  }

  marks(id: string, delivered: number, seen: number): void {
    const marks = { visitor_delivered: delivered, visitor_seen: seen };
    this.set({ rows: this.state.rows.map((row) => (row.id === id ? withMarks(row, marks) : row)) });
  }

  private async read(cursor: string | null, limit: number): Promise<void> {
    const filter = this.state.filter;
    const turn = ++this.asked;
    this.reading++;
    this.set({ loading: true, failed: null });
    try {
      const page = await this.http.get<Page>(`/conversations?${this.query(filter, cursor, limit)}`);
      if (filter === this.state.filter && turn > this.shown) {
        this.shown = turn;
        this.took(page, cursor);
      }
    } catch (failed) {
      if (filter === this.state.filter) this.set({ failed, ...this.whatIsKnown(failed) });
    } finally {
      if (--this.reading === 0) this.patched.clear();
      this.set({ loading: this.reading > 0 });
    }
  }

  /** Without a connection a folder shows what is known of it; it is read again when the connection is back. */
  private whatIsKnown(failed: unknown): Partial<ListState> {
    if (failed instanceof HttpError || this.state.rows.length > 0) return {};
    const rows = [...this.seen.values()].filter((row) => this.belongs(row) && !this.isGone(row));
    return { rows: rows.sort(inOrder[this.state.filter.order]) };
  }

  private remember(rows: readonly ConversationRow[]): void {
    for (const row of rows) {
      this.seen.delete(row.id);
      this.seen.set(row.id, row);
    }
    for (const id of this.seen.keys()) if (this.seen.size > REMEMBERED) this.seen.delete(id);
  }

  private took(page: Page, cursor: string | null): void {
    this.cursor = page.next_cursor;
    this.remember(page.rows);
    const before = cursor === null ? [] : this.state.rows;
    const known = new Set(before.map((row) => row.id));
    let rows = [...before, ...page.rows.filter((row) => !known.has(row.id) && !this.isGone(row))];
    for (const row of this.patched.values()) rows = this.place(rows, row);
    this.set({ rows, hasMore: page.next_cursor !== null });
  }

  private query(filter: ListFilter, cursor: string | null, limit: number): string {
    const query = new URLSearchParams({ folder: filter.folder, limit: String(limit) });
    if (filter.order !== "newest") query.set("order", filter.order);
    if (filter.mine) query.set("mine", "true");
    if (filter.provider !== null) query.set("provider", filter.provider);
    if (filter.label !== null) query.set("label", filter.label);
    addPeriod(query, filter.period);
    if (filter.search.trim() !== "") query.set("search", filter.search.trim());
    if (cursor !== null) query.set("cursor", cursor);
    return query.toString();
  }

  private place(rows: ConversationRow[], row: ConversationRow): ConversationRow[] {
    const old = rows.find((other) => other.id === row.id);
    if (old && old.last_seq > row.last_seq) return rows;
    const others = rows.filter((other) => other.id !== row.id);
    if (this.isUntold(row)) return rows;
    if (!this.belongs(row)) return old ? others : rows;
    const { order } = this.state.filter;
    const at = others.findIndex((other) => inOrder[order](row, other) < 0);
    // Below the window: paging will bring it. By time left a row moves down there, too, once it is answered.
    if (at < 0 && this.cursor !== null && (!old || order === "sla")) return old ? others : rows;
    others.splice(at < 0 ? others.length : at, 0, withMarks(row, old ?? null));
    return others;
  }

  private belongs(row: ConversationRow): boolean {
    const { folder, search } = this.state.filter;
    if (folder !== "all" && row.status !== folder) return false;
    if (!this.counted(row, row.assignee_id)) return false;
    const wanted = fold(search.trim());
    return wanted === "" || fold(row.contact.name ?? "").includes(wanted);
  }

  /** Do the counts, which heed Mine, provider and label but not the search, see this row? */
  private counted(row: ConversationRow, assigneeId: string | null): boolean {
    const { mine, provider, label } = this.state.filter;
    if (mine && assigneeId !== this.agentId) return false;
    if (label !== null && ![...row.label_ids, ...row.contact.label_ids].includes(label)) return false;
    return provider === null || provider === row.channel.id || provider === row.channel.kind;
  }

  private adjust(row: ConversationRow, was: Was): void {
    const counts = this.state.counts;
    if (!counts) return;
    if (this.state.filter.period !== null) return this.countSoon();
    const next = { ...counts };
    const add = (folder: Folder, by: number) => {
      if (next[folder] < COUNTED) next[folder] = Math.max(0, next[folder] + by);
    };
    const before = was.status !== null && this.counted(row, was.assigneeId);
    const after = this.counted(row, row.assignee_id);
    if (before && was.status) add(was.status, -1);
    if (after) add(row.status, 1);
    if (before !== after) add("all", after ? 1 : -1);
    this.set({ counts: next });
    this.countSoon();
  }

  private countSoon(): void {
    this.recount ??= setTimeout(() => void this.count(), RECOUNT_MS);
  }

  /** Patches and a count read meanwhile can overlap, so counts are read again a while after they moved. */
  private async count(): Promise<void> {
    clearTimeout(this.recount);
    this.recount = undefined;
    const filter = this.state.filter;
    const query = new URLSearchParams();
    if (filter.mine) query.set("mine", "true");
    if (filter.provider !== null) query.set("provider", filter.provider);
    if (filter.label !== null) query.set("label", filter.label);
    addPeriod(query, filter.period);
    const counts = await this.http
      .get<ConversationCounts>(`/conversations/counts?${query}`)
      .catch(() => null);
    if (counts && sameCounts(filter, this.state.filter)) this.set({ counts });
  }

  private set(change: Partial<ListState>): void {
    this.state = { ...this.state, ...change };
    this.emit("state", this.state);
  }
}

/** Do both ask for the same counts? */
function sameCounts(one: ListFilter, other: ListFilter): boolean {
  return (
    one.mine === other.mine &&
    one.provider === other.provider &&
    one.label === other.label &&
    one.period === other.period
  );
}

function addPeriod(query: URLSearchParams, period: string | null): void {
  const [first, last] = period?.split("..") ?? [];
  if (first && last) {
    query.set("first", first);
    query.set("last", last);
  }
}

function newerFirst(a: ConversationRow, b: ConversationRow): number {
  return Date.parse(b.last_message_at) - Date.parse(a.last_message_at) || (a.id < b.id ? 1 : -1);
}

/** Running targets, the soonest first; then the rest, the newest first. */
function soonerFirst(a: ConversationRow, b: ConversationRow): number {
  const [one, other] = [dueAt(a.sla), dueAt(b.sla)];
  if (one === null || other === null)
    return one === other ? newerFirst(a, b) : Number(one === null) - Number(other === null);
  return one - other || (a.id < b.id ? -1 : 1);
}

const dueAt = (target: RowTarget | null) => (target?.due_at ? Date.parse(target.due_at) : null);

const inOrder = { newest: newerFirst, sla: soonerFirst };

/** Case and accents aside, as the server compares names. */
function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
