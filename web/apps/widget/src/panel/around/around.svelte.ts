import type { VisitorClient } from "@alongside/client/visitor";
import type { AroundNow, Over } from "@alongside/contract";
import { mount } from "svelte";
import type { Chat } from "../chat.svelte";
import { addStyles } from "../styles";
import Around from "./Around.svelte";
import css from "./around.css?inline";
import { AroundWords } from "./words";

let begun: AroundPart | null = null;

/** Once, however often it is asked for: at the end of the thread. */
export function begin(chat: Chat, client: VisitorClient): void {
  if (begun) return;
  addStyles(css);
  begun = new AroundPart(chat, client);
  mount(Around, { target: document.querySelector("section") as Element, props: { part: begun } });
}

/** What is asked before the chat and done after it: loaded only on channels that want some of it. */
export class AroundPart {
  readonly words: AroundWords;
  over = $state.raw<Over | null>(null);
  private asked = 0;

  constructor(
    readonly chat: Chat,
    private readonly client: VisitorClient,
  ) {
    this.words = new AroundWords(chat.words.wanted);
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

  /** Do not ask about this episode again. Should the server not hear of it, it is asked again on the next page. */
  decline(over: Over): void {
    this.over = { ...over, declined: true };
    void this.client.sessions.http.post("/rating/declined", { episode: over.episode }).catch(() => undefined);
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
