export interface Numbered {
  seq: number;
}

export interface Position {
  epoch: string;
  seq: number;
}

export interface LogOptions<Entry> {
  /** What a later entry makes of earlier ones: an edited message says something else. The same list: nothing. */
  apply(entries: Entry[], by: Entry): Entry[];
  /** A hole stayed open: ask the server for what follows this position. */
  ask(position: Position): void;
  /**
   * The contiguous window changed; `added` are the entries now applied at its end, in order. `fresh` when they are a
   * first load or another history, not news.
   */
  changed(added: Entry[], fresh: boolean): void;
}

const FIRST_ASK_MS = 200;
const NEXT_ASK_MS = 2_000;

/**
 * The client's copy of one conversation's log. Applies only the entry that follows the last one, keeps later ones
 * aside, drops repeats, and asks when a hole stays open. `entries` is a contiguous window that ends at `last`.
 */
export class Log<Entry extends Numbered> {
  entries: Entry[] = [];
  epoch: string | null = null;
  last = 0;
  hasMore = false;
  private aside = new Map<number, Entry>();
  private known = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private options: LogOptions<Entry>) {}

  /** Where to resume from; null before the first snapshot. */
  get position(): Position | null {
    return this.epoch === null ? null : { epoch: this.epoch, seq: this.last };
  }

  /** A connection opened on this history. Numbers of another history mean nothing any more. */
  expect(epoch: string): void {
    if (this.epoch === null || this.epoch === epoch) return;
    this.epoch = null;
    this.aside.clear();
    this.forgetHole();
  }

  /** Start from a snapshot. Entries of the same history that came before it and follow on are kept. */
  reset(epoch: string, entries: Entry[], head: number, hasMore: boolean): void {
    const sameHistory = this.epoch === epoch;
    const before = sameHistory ? this.entries : [];
    const first = entries[0]?.seq ?? head + 1;
    const previousLast = sameHistory ? this.last : 0;
    const older = previousLast >= first - 1 ? before.filter((entry) => entry.seq < first) : [];
    for (const entry of before) if (entry.seq > head) this.aside.set(entry.seq, entry);
    this.entries = this.told([...older, ...entries], entries);
    this.hasMore = older.length > 0 ? this.hasMore : hasMore;
    this.epoch = epoch;
    this.last = head;
    this.known = 0;
    this.drain();
    this.options.changed(
      this.entries.filter((entry) => entry.seq > previousLast),
      !sameHistory,
    );
    this.watchHole();
  }

  /** One entry, from a live frame, an acknowledgement or an answer: in any order, any number of times. */
  add(entry: Entry): void {
    this.addAll([entry]);
  }

  addAll(entries: Entry[]): void {
    const start = this.last;
    for (const entry of entries) {
      if (this.epoch === null || entry.seq > this.last) this.aside.set(entry.seq, entry);
    }
    if (this.epoch === null) return;
    this.drain();
    if (this.last > start)
      this.options.changed(
        this.entries.filter((entry) => entry.seq > start),
        false,
      );
    this.watchHole();
  }

  /** The server says that its last number is `head`. */
  head(head: number): void {
    if (this.epoch === null) return;
    this.known = Math.max(this.known, head);
    this.watchHole();
  }

  /** Older entries, read by paging back. They must end right before the window; others are dropped. */
  prepend(entries: Entry[], hasMore: boolean): void {
    const first = this.entries[0]?.seq ?? this.last + 1;
    const older = entries.filter((entry) => entry.seq < first);
    if (older.length > 0 && older[older.length - 1]?.seq !== first - 1) return;
    // What came while they were on their way holds for them too.
    this.entries = [...this.told(older, this.entries), ...this.entries];
    this.hasMore = hasMore;
    this.options.changed([], false);
  }

  /** Forget everything: somebody else's conversation follows. */
  clear(): void {
    this.entries = [];
    this.epoch = null;
    this.last = 0;
    this.hasMore = false;
    this.aside.clear();
    this.forgetHole();
    this.options.changed([], true);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private drain(): void {
    const applied: Entry[] = [];
    for (let next = this.aside.get(this.last + 1); next; next = this.aside.get(this.last + 1)) {
      applied.push(next);
      this.last = next.seq;
    }
    for (const seq of [...this.aside.keys()]) if (seq <= this.last) this.aside.delete(seq);
    if (applied.length > 0) this.entries = this.told([...this.entries, ...applied], applied);
  }

  private told(entries: Entry[], by: Entry[]): Entry[] {
    return by.reduce(this.options.apply, entries);
  }

  private watchHole(): void {
    const hole = this.known > this.last || this.aside.size > 0;
    if (!hole) this.forgetHole();
    else this.timer ??= setTimeout(() => this.askAgain(), FIRST_ASK_MS);
  }

  private askAgain(): void {
    this.timer = setTimeout(() => this.askAgain(), NEXT_ASK_MS);
    if (this.position) this.options.ask(this.position);
  }

  private forgetHole(): void {
    this.dispose();
    this.known = 0;
  }
}
