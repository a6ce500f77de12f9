const SOON_MS = 100;

export interface Standing {
  delivered: number;
  seen: number;
}

/** Read receipts: told soon, and once for what was received and read together, for each is a write at the server. */
export class OwnMarks {
  private told: Standing = { delivered: 0, seen: 0 };
  private soon: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private now: () => Standing,
    private say: (marks: Standing) => boolean,
  ) {}

  changed(): void {
    this.soon ??= setTimeout(() => this.tell(), SOON_MS);
  }

  /** Tell what is about to be told. */
  tellNow(): void {
    if (this.soon !== undefined) this.tell();
  }

  private tell(): void {
    clearTimeout(this.soon);
    this.soon = undefined;
    const marks = this.now();
    if (marks.delivered <= this.told.delivered && marks.seen <= this.told.seen) return;
    if (this.say(marks)) this.told = marks;
  }

  /** The server knows this already, from another device. */
  known(seen: number): void {
    this.told.seen = Math.max(this.told.seen, seen);
  }

  /** Another visitor: nothing has been told. */
  clear(): void {
    clearTimeout(this.soon);
    this.soon = undefined;
    this.told = { delivered: 0, seen: 0 };
  }
}
