import type { Deed, RuleFacts, RuleText, RuleTexts } from "@alongside/contract";
import { mount } from "svelte";
import type { ToPanel } from "../../shared/messages";
import type { Chat } from "../chat.svelte";
import Said from "./Said.svelte";

type Asked = Extract<ToPanel, { type: "ask" | "rule" }>;

interface Shown {
  rule: string;
  occasion: string;
  said: RuleText[];
}

let part: Ruled | null = null;

/** What the page's action rules want of the panel, which alone knows who the visitor is. */
export function heard(chat: Chat, message: Asked): void {
  part ??= new Ruled(chat);
  if (message.type === "ask") void part.ask();
  else void part.act(message.rule, message.occasion);
}

export class Ruled {
  /** Said to somebody who has not written yet: it is in no log before they do. */
  shown = $state.raw<Shown[]>([]);
  private readonly begun = new Set<string>();

  constructor(readonly chat: Chat) {
    chat.client.on("news", (messages) => {
      if (messages.some(({ mine }) => mine)) this.writeDown();
    });
    const thread = document.querySelector("section");
    const anchor = thread?.querySelector("ol");
    if (thread && anchor) mount(Said, { target: thread, anchor, props: { part: this } });
    $effect.root(() => {
      $effect(() => {
        if (chat.open && this.shown[0]) chat.host.tell({ type: "unread", count: 0 });
      });
    });
  }

  /** Ask the server what only it knows of this visitor; the page is told yes or no, never why. */
  async ask(): Promise<void> {
    const token = this.chat.client.sessions.current?.token;
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
    const answer = await fetch(`${this.base}/facts?zone=${zone}`, { headers }).catch(() => null);
    if (answer?.ok) this.chat.host.tell({ type: "facts", facts: (await answer.json()) as RuleFacts });
  }

  /** Let the server do what a rule says; what it says to somebody new is shown here alone. */
  async act(rule: string, occasion: string): Promise<void> {
    // All rules of a visit have one occasion.
    const turn = `${rule} ${occasion}`;
    if (this.begun.has(turn)) return;
    this.begun.add(turn);
    const known = this.chat.client.sessions.current;
    const done = known ? await this.deed(rule, occasion) : false;
    if (!done) await this.show(rule, occasion);
  }

  /** Whether the server needs nothing more; told to the page, which then forgets it. */
  private async deed(rule: string, occasion: string): Promise<boolean> {
    try {
      const languages = this.chat.words.wanted.slice(0, 10);
      const { waits } = await this.chat.client.sessions.http.post<Deed>(`/rules/${rule}/deed`, {
        occasion,
        languages,
      });
      if (waits) return false;
    } catch (problem) {
      const status = (problem as { status?: number }).status ?? 0;
      if (status !== 404 && status !== 409) return false; // asked again on the next page
    }
    this.shown = this.without(rule);
    this.chat.host.tell({ type: "deed", rule });
    return true;
  }

  private async show(rule: string, occasion: string): Promise<void> {
    const token = this.chat.client.sessions.current?.token;
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const answer = await fetch(`${this.base}/${rule}/texts`, { headers }).catch(() => null);
    if (!answer) return;
    if (!answer.ok) return this.chat.host.tell({ type: "deed", rule });
    const { said } = (await answer.json()) as RuleTexts;
    if (!said[0]) return;
    this.shown = [...this.without(rule), { rule, occasion, said }]; // once, however often it waits
    if (!this.chat.open) this.chat.host.tell({ type: "unread", count: this.shown.length });
  }

  /** They have written: what they had read before stands in the log from now on. */
  private writeDown(): void {
    for (const { rule, occasion } of this.shown) void this.deed(rule, occasion);
  }

  private without(rule: string): Shown[] {
    return this.shown.filter((each) => each.rule !== rule);
  }

  private get base(): string {
    return `/api/v1/widget/channels/${encodeURIComponent(this.chat.look?.key ?? "")}/rules`;
  }
}
