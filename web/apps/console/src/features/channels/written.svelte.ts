/**
 * Something stored that is being written. It follows what is stored until it is changed here; from then on what was
 * written stays, also where it goes on while an answer is on its way.
 */
export class Written<Stored, Form> {
  form: Form;
  /** The form, as it is stored. */
  readonly wanted: Stored;
  readonly changed: boolean;
  private base: Stored;

  /** `close(open(stored))` is what is compared: how something is stored must not depend on how often it was opened. */
  constructor(
    stored: Stored,
    private readonly open: (stored: Stored) => Form,
    close: (form: Form) => Stored,
  ) {
    const usual = (one: Stored) => close(open(one));
    this.form = $state(open(stored));
    this.base = $state.raw(stored);
    this.wanted = $derived(close(this.form));
    this.changed = $derived(JSON.stringify(this.wanted) !== JSON.stringify(usual(this.base)));
  }

  /** What is stored by now. */
  meet(stored: Stored): void {
    if (JSON.stringify(stored) === JSON.stringify(this.base)) return;
    const follows = !this.changed;
    this.base = stored;
    if (follows) this.form = this.open(stored);
  }
}

/** Texts by language, without those that say nothing: one order, whatever was written first. */
export function worded(texts: Readonly<Record<string, string>>): Record<string, string> {
  const full = Object.entries(texts).flatMap(([tag, text]) =>
    text.trim() ? [[tag, text.trim()] as const] : [],
  );
  return Object.fromEntries(full.sort(([one], [other]) => (one < other ? -1 : 1)));
}
