import { uuid7, type Pending } from "@alongside/client";
import type { VisitorClient } from "@alongside/client/visitor";
import type { PublicMessage, VisitorSnapshot } from "@alongside/contract";
import { mount } from "svelte";
import de from "../../texts/acts/de.json";
import en from "../../texts/acts/en.json";
import type { Chat } from "../chat.svelte";
import { textsOf } from "../part-texts";
import { addStyles } from "../styles";
import Acts from "./Acts.svelte";
import css from "./acts.css?inline";
import Quote from "./Quote.svelte";
import QuoteBar from "./QuoteBar.svelte";

type Catalogue = typeof en;

const TICK_MS = 10_000;

addStyles(css);

/** What visitors do with messages that are there already: loaded once there are some. */
export class ActsPart {
  readonly Acts = Acts;
  readonly Quote = Quote;
  /** The message that is being edited. */
  editing = $state.raw<number | null>(null);
  private now = $state.raw(Date.now());
  private readonly texts: Catalogue = $derived.by(() => textsOf("acts", { en, de }, this.chat.words));
  /** Numbers are of one visitor's log: another token is perhaps another visitor. */
  private answered = $state.raw<{ seq: number; token: string | undefined } | null>(null);
  // The same text for the same message is the same action, however often it is tried.
  private action = { seq: 0, text: "", id: "" };

  constructor(
    private readonly chat: Chat,
    private readonly client: VisitorClient,
  ) {
    setInterval(() => (this.now = Date.now()), TICK_MS);
    const form = document.querySelector("footer form") as Element;
    mount(QuoteBar, { target: form.parentElement as Element, anchor: form, props: { part: this } });
  }

  /** The number of the message that the next one answers to. */
  get quoted(): number | null {
    const { answered } = this;
    return answered && answered.token === this.client.sessions.current?.token ? answered.seq : null;
  }

  reply({ seq }: PublicMessage): void {
    this.quoting(seq);
    document.querySelector<HTMLElement>("footer textarea")?.focus();
  }

  unquote(): void {
    this.answered = null;
    document.querySelector<HTMLElement>("footer textarea")?.focus();
  }

  /** What the message that is sent now says of it. */
  take(): { quote?: number } {
    const { quoted } = this;
    this.answered = null;
    return quoted === null ? {} : { quote: quoted };
  }

  /** A refused message is taken back; what was chosen since stays. */
  putBack(more: Pending["more"]): void {
    const seq = more?.quote;
    if (seq != null && this.quoted === null) this.quoting(seq);
  }

  loaded(seq: number): PublicMessage | undefined {
    return this.chat.visitor.messages.find((message) => message.seq === seq);
  }

  /** A message that is not in the thread; null where it cannot be read. */
  async original(seq: number): Promise<PublicMessage | null> {
    const path = `/conversation?before=${seq + 1}`;
    const page = await this.client.sessions.http.get<VisitorSnapshot>(path).catch(() => null);
    return page?.messages.find((message) => message.seq === seq) ?? null;
  }

  author({ mine, person }: PublicMessage): string {
    return mine ? this.chat.words.say("you") : (person?.display_name ?? this.chat.words.say("team"));
  }

  /** In a line or two. */
  brief({ deleted, text, cards, attachments }: PublicMessage): string {
    if (deleted) return this.chat.words.say("deleted");
    return text || cards[0]?.title || attachments.map((file) => file.name).join(", ");
  }

  say(name: Exclude<keyof Catalogue, "reason">): string {
    return this.texts[name];
  }

  /** One's own, and there is still time; the server has the last word. */
  mayChange({ mine, at, deleted }: PublicMessage): boolean {
    const minutes = this.chat.look?.edit_minutes ?? 0;
    return mine && !deleted && this.now < Date.parse(at) + minutes * 60_000;
  }

  /** Why it was refused, null where it was done. The log tells the rest. */
  save(seq: number, text: string): Promise<string | null> {
    if (this.action.seq !== seq || this.action.text !== text) this.action = { seq, text, id: uuid7() };
    const body = { client_id: this.action.id, text };
    return this.ask(() => this.client.sessions.http.patch(`/conversation/messages/${seq}`, body));
  }

  remove(seq: number): Promise<string | null> {
    return this.ask(() => this.client.sessions.http.delete(`/conversation/messages/${seq}`));
  }

  private quoting(seq: number): void {
    this.answered = { seq, token: this.client.sessions.current?.token };
  }

  private async ask(act: () => Promise<unknown>): Promise<string | null> {
    try {
      await act();
      return null;
    } catch (error) {
      const known: Record<string, string> = this.texts.reason;
      return known[(error as { code?: string }).code ?? "unreachable"] ?? this.texts.reason.other;
    }
  }
}
