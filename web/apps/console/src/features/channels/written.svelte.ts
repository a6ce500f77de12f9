/**
 * Something stored that is being written. It follows what is stored until it is changed here; from then on what was
 * written stays, also where it goes on while an answer is on its way, and the person is asked about what others store.
 */
export class Written<Stored, Form> {
  form: Form;
  /** The form, as it is stored. */
  readonly wanted: Stored;
  readonly changed: boolean;
  /** Somebody else has stored something else since. */
  overtaken = $state(false);
  private base: Stored;
  private sent = "";

  /** `close(open(stored))` is what is compared: how something is stored must not depend on how often it was opened. */
  constructor(
    stored: Stored,
    private readonly open: (stored: Stored) => Form,
    private readonly close: (form: Form) => Stored,
  ) {
    this.form = $state(open(stored));
    this.base = $state.raw(stored);
    this.wanted = $derived(close(this.form));
    this.changed = $derived(JSON.stringify(this.wanted) !== this.usual(this.base));
  }

  /** What is wanted now is on its way: that it is stored overtakes nobody. */
  sending(): void {
    this.sent = JSON.stringify(this.wanted);
  }

  /** What is stored by now. */
  meet(stored: Stored): void {
    const [before, now] = [this.usual(this.base), this.usual(stored)];
    if (now === before) return;
    const follows = !this.changed;
    this.base = stored;
    if (follows) this.takeTheirs();
    else if (now !== this.sent && this.changed) this.overtaken = true;
  }

  takeTheirs(): void {
    this.form = this.open(this.base);
    this.overtaken = false;
  }

  keepMine(): void {
    this.overtaken = false;
  }

  private usual(stored: Stored): string {
    return JSON.stringify(this.close(this.open(stored)));
  }
}

/** Texts by language, without those that say nothing: one order, whatever was written first. */
export function worded(texts: Readonly<Record<string, string>>): Record<string, string> {
  const full = Object.entries(texts).flatMap(([tag, text]) =>
    text.trim() ? [[tag, text.trim()] as const] : [],
  );
  return Object.fromEntries(full.sort(([one], [other]) => (one < other ? -1 : 1)));
}
