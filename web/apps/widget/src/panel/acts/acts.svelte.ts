import { uuid7 } from "@alongside/client";
import type { VisitorClient } from "@alongside/client/visitor";
import type { PublicMessage } from "@alongside/contract";
import { choose } from "../../shared/language";
import type { Chat } from "../chat.svelte";
import { addStyles } from "../styles";
import Acts from "./Acts.svelte";
import css from "./acts.css?inline";
import german from "./texts.de.json";
import english from "./texts.en.json";

type Catalogue = typeof english;

const catalogues: Record<string, Catalogue> = { en: english, de: german };
const TICK_MS = 10_000;

addStyles(css);

/** What visitors do with messages that are there already: loaded once there are some. */
export class ActsPart {
  readonly Acts = Acts;
  /** The message that is being edited. */
  editing = $state.raw<number | null>(null);
  private now = $state.raw(Date.now());
  private readonly texts: Catalogue;
  // The same text for the same message is the same action, however often it is tried.
  private action = { seq: 0, text: "", id: "" };

  constructor(
    private readonly chat: Chat,
    private readonly client: VisitorClient,
  ) {
    this.texts = catalogues[choose(chat.words.wanted, Object.keys(catalogues))] ?? english;
    setInterval(() => (this.now = Date.now()), TICK_MS);
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
