const FLOOR_MS = 500;
const CEILING_MS = 20_000;

/** Full jitter: each wait is drawn from 0.5 s to a limit that doubles up to 20 s, so that clients do not come in waves. */
export class Backoff {
  private tries = 0;

  constructor(private random: () => number = Math.random) {}

  /** Milliseconds to wait before the next try. */
  next(): number {
    const limit = Math.min(CEILING_MS, FLOOR_MS * 2 ** ++this.tries);
    return FLOOR_MS + this.random() * (limit - FLOOR_MS);
  }

  reset(): void {
    this.tries = 0;
  }
}
