/** As long a pause, and the next page is another visit: as the server counts. */
const PAUSE_MS = 30 * 60_000;
const MOST_PAGES = 200;

interface Waiting {
  rule: string;
  occasion: string;
  says: boolean;
}

interface Kept {
  /** The visit: its own id, when it was last seen, which one it is, where it began, which rules have acted in it. */
  visit: { id: string; seen: number; number: number; start: string; referrer: string; done: string[] };
  /** Rules that have acted for this visitor. */
  ever: string[];
  /** How often each page was opened. */
  pages: [page: string, count: number][];
  /** What the server has to do as soon as there is somebody to do it to. */
  waiting: Waiting[];
}

/**
 * What a site's pages remember of this browser for its rules: visits, and what was done in them. Kept only where a rule
 * asks for it; where storage is denied it lasts as long as the page. Tabs share it: each change is made to what is
 * stored by now.
 */
export class Memory {
  private last: Kept;

  constructor(
    private readonly name: string,
    private readonly keeps: boolean,
    private readonly now: () => number = Date.now,
  ) {
    const before = this.read();
    const at = now();
    const goesOn = before && at - before.visit.seen < PAUSE_MS;
    const number = (before?.visit.number ?? 0) + 1;
    this.last = {
      visit: goesOn
        ? before.visit
        : {
            id: crypto.randomUUID(),
            seen: at,
            number,
            start: location.href,
            referrer: document.referrer,
            done: [],
          },
      ever: before?.ever ?? [],
      pages: before?.pages ?? [],
      waiting: before?.waiting ?? [],
    };
    this.write(this.last);
  }

  get visit(): Readonly<Kept["visit"]> {
    return this.kept.visit;
  }

  get waiting(): readonly Waiting[] {
    return this.kept.waiting;
  }

  /** One more time this page was opened; returns how often by now. */
  opened(page: string): number {
    const { kept } = this;
    const count = (kept.pages.find(([known]) => known === page)?.[1] ?? 0) + 1;
    const others = kept.pages.filter(([known]) => known !== page);
    this.write({ ...kept, pages: [...others.slice(1 - MOST_PAGES), [page, count]] });
    return count;
  }

  has(rule: string, often: "visit" | "visitor"): boolean {
    const { visit, ever } = this.kept;
    return (often === "visit" ? visit.done : ever).includes(rule);
  }

  add(rule: string, often: "visit" | "visitor"): void {
    const { kept } = this;
    const { visit, ever } = kept;
    if (often === "visit") this.write({ ...kept, visit: { ...visit, done: [...visit.done, rule] } });
    else this.write({ ...kept, ever: [...ever, rule] });
  }

  /** In place of what the same rule wanted before. */
  wait(waiting: Waiting): void {
    const { kept } = this;
    this.write({ ...kept, waiting: [...without(kept.waiting, waiting.rule), waiting] });
  }

  settled(rule: string): void {
    const { kept } = this;
    this.write({ ...kept, waiting: without(kept.waiting, rule) });
  }

  /** Still here: the visit goes on. */
  stay(): void {
    this.write(this.kept);
  }

  private get kept(): Kept {
    return (this.last = this.read() ?? this.last);
  }

  private read(): Kept | null {
    try {
      return this.keeps ? (JSON.parse(localStorage.getItem(this.name) ?? "null") as Kept | null) : null;
    } catch {
      return null; // denied, or not ours
    }
  }

  private write(kept: Kept): void {
    this.last = { ...kept, visit: { ...kept.visit, seen: this.now() } };
    try {
      if (this.keeps) localStorage.setItem(this.name, JSON.stringify(this.last));
    } catch {
      // As above.
    }
  }
}

const without = (waiting: readonly Waiting[], rule: string): Waiting[] =>
  waiting.filter((each) => each.rule !== rule);
