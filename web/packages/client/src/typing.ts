const REPEAT_MS = 4_000;
const PAUSE_MS = 5_000;
const FORGET_MS = 6_000;

/** Turns key presses into the few typing signals worth sending. */
export class OwnTyping {
  private saidAt = 0;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(private say: (on: boolean) => void) {}

  pressed(): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.stop(), PAUSE_MS);
    if (Date.now() - this.saidAt < REPEAT_MS) return;
    this.saidAt = Date.now();
    this.say(true);
  }

  stop(): void {
    clearTimeout(this.pause);
    if (this.saidAt > 0) this.say(false);
    this.saidAt = 0;
  }
}

/** Something known for a while only: who types, who looks. Forgotten `ms` after it was last said. */
export class Fading<Key, Value> {
  private timers = new Map<Key, ReturnType<typeof setTimeout>>();
  readonly values = new Map<Key, Value>();

  constructor(
    private changed: () => void,
    private ms: number = FORGET_MS,
  ) {}

  set(key: Key, value: Value): void {
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => this.delete(key), this.ms),
    );
    this.values.set(key, value);
    this.changed();
  }

  delete(key: Key): void {
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    if (this.values.delete(key)) this.changed();
  }

  clear(): void {
    for (const key of [...this.values.keys()]) this.delete(key);
  }
}
