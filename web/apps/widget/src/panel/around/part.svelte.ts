import { safeStorage } from "@alongside/client/drafts";
import type { VisitorClient } from "@alongside/client/visitor";
import type { AroundNow, Over } from "@alongside/contract";
import type { Chat } from "../chat.svelte";
import { addStyles } from "../styles";
import Around from "./Around.svelte";
import css from "./around.css?inline";
import { AroundWords } from "./words";

addStyles(css);

/** What is asked before the chat and done after it: loaded only on channels that want some of it. */
export class AroundPart {
  readonly Around = Around;
  readonly words: AroundWords;
  over = $state.raw<Over | null>(null);
  /** The visitor has put the question about this episode away. */
  dismissed = $state.raw(0);
  private readonly memory = safeStorage("localStorage");
  private asked = 0;

  constructor(
    readonly chat: Chat,
    private readonly client: VisitorClient,
  ) {
    this.words = new AroundWords(chat.words.wanted);
    this.dismissed = Number(this.memory?.getItem(this.key) ?? 0);
    client.on("around", () => void this.read());
    client.on("look", () => void this.read());
    let live = "";
    client.subscribe(({ connection }) => {
      const token = connection === "live" ? (client.sessions.current?.token ?? "") : "";
      if (token !== live && connection === "live") void this.read();
      live = token;
    });
    void this.read();
  }

  private get key(): string {
    return `alongside:unrated:${this.chat.look?.key ?? ""}`;
  }

  /** Do not ask about this episode again, in no tab. */
  dismiss(episode: number): void {
    this.dismissed = episode;
    try {
      this.memory?.setItem(this.key, String(episode));
    } catch {
      // Storage is full: the question comes back with the next page.
    }
  }

  /** Throws as `Http` does. */
  async rate(over: Over, stars: number, comment: string): Promise<void> {
    await this.client.sessions.http.put("/rating", { episode: over.episode, stars, comment });
    this.over = { ...over, stars, comment: comment.trim() || null };
  }

  /** Ask the server what there is to do. Of several answers the last question's holds. */
  async read(): Promise<void> {
    const turn = ++this.asked;
    if (!this.client.sessions.current) {
      this.over = null;
      return;
    }
    const now = await this.client.sessions.http.get<AroundNow>("/around").catch(() => null);
    if (now && turn === this.asked) this.over = now.over;
  }
}
