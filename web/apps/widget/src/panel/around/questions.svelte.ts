import { HttpError } from "@alongside/client";
import type { VisitorClient } from "@alongside/client/visitor";
import type { Before } from "@alongside/contract";
import { choose } from "../../shared/language";
import type { Chat } from "../chat.svelte";

export type Wrong = "required" | "malformed";

/** What is asked before the first message, and what the visitor answers. The server has the last word. */
export class Questions {
  before = $state.raw<Before | null>(null);
  /** By what was asked; "consent" is the tick. */
  wrong = $state.raw<Record<string, Wrong>>({});
  /** Why the answers could not be taken as a whole, as a code; "" for nothing. */
  problem = $state.raw("");
  agreed = $state.raw(false);
  readonly values: Record<string, unknown> = {};
  /** Counts up when the first wrong answer should take the focus. */
  focusAsked = $state.raw(0);
  private asked = 0;
  private reading = 0;
  private busy: Promise<boolean> | null = null;

  constructor(
    private readonly chat: Chat,
    private readonly client: VisitorClient,
  ) {}

  async read(): Promise<void> {
    const turn = ++this.asked;
    const key = encodeURIComponent(this.chat.look?.key ?? "");
    this.reading++;
    const before = await this.client.sessions.http.get<Before>(`/channels/${key}/before`).catch(() => null);
    this.reading--;
    if (!before || turn !== this.asked) return;
    if (before.consent?.version !== this.before?.consent?.version) this.agreed = false;
    this.before = before;
    this.told();
  }

  /** What the page has said, though later than it was asked, is not asked. */
  told(): void {
    const { before } = this;
    if (!before?.questions.some(({ what }) => this.claimed(what))) return;
    this.before = { ...before, questions: before.questions.filter(({ what }) => !this.claimed(what)) };
  }

  /** The first message is there: what was optional is not asked any more. */
  begun(): void {
    if (this.before?.questions[0] || (this.before?.consent && !this.before.consent.tick)) {
      this.before = { consent: this.before.consent?.tick ? this.before.consent : null, questions: [] };
    }
  }

  set(what: string, value: unknown): void {
    this.values[what] = value;
    if (!this.wrong[what]) return;
    this.wrong = Object.fromEntries(Object.entries(this.wrong).filter(([name]) => name !== what));
  }

  /** Whether a message may go now: nothing was asked, or the server has just taken the answers. */
  answered(): Promise<boolean> {
    return (this.busy ??= this.answer().finally(() => (this.busy = null)));
  }

  private async answer(): Promise<boolean> {
    const before = this.before;
    const tick = before?.consent?.tick ?? false;
    if (!before || !(tick || before.questions[0])) return true;
    this.problem = "";
    this.wrong = this.missing(before);
    if (Object.keys(this.wrong)[0]) return this.refused();
    const said = { ...this.values };
    try {
      await this.client.begin();
      await this.client.sessions.http.put("/before", {
        consent: tick ? before.consent?.version : null,
        language: choose(this.chat.words.wanted, Object.keys(before.consent?.text ?? {})),
        values: Object.fromEntries(before.questions.map(({ what }) => [what, this.values[what] ?? null])),
      });
      this.before = { consent: null, questions: [] };
      if (this.reading) void this.read(); // what was asked meanwhile may say that they are owed
      return true;
    } catch (error) {
      const { code, details } = error instanceof HttpError ? error : new HttpError(0, "not-sent", "");
      const problems = details["problems"] as Record<string, Wrong> | undefined;
      const wrong = Object.entries(problems ?? {}).filter(([what]) => this.values[what] === said[what]);
      if (problems && !wrong[0]) return await this.answer(); // mended while the server looked
      this.wrong = Object.fromEntries(wrong);
      if (!problems) this.problem = code;
      if (code === "consent-changed") void this.read();
      return this.refused();
    }
  }

  private missing(before: Before): Record<string, Wrong> {
    const wrong: Record<string, Wrong> = {};
    for (const { what, required } of before.questions) {
      const value = this.values[what];
      const empty =
        value === undefined || (typeof value === "string" && value.trim() === "") || String(value) === "";
      if (required && empty) wrong[what] = "required";
    }
    if (before.consent?.tick && !this.agreed) wrong["consent"] = "required";
    return wrong;
  }

  private refused(): false {
    this.focusAsked++;
    return false;
  }

  /** The page has said it already: it goes along with the first message. */
  private claimed(what: string): boolean {
    const { claims } = this.client.who;
    const value = what.startsWith("field:")
      ? claims?.fields?.[what.slice(6)]
      : claims?.[what as "name" | "email" | "phone"];
    return value !== undefined && value !== null && value !== "";
  }
}
