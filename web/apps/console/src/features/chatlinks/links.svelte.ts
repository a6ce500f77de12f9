import type { ChatLink, ChatLinkList } from "@alongside/contract";
import { call } from "../../live/api";
import { client } from "../../live/client.svelte";
import { clock } from "../../live/clock.svelte";

const AT_ONCE = 50;

/** The chat links that hold, the newest first, as long as somebody looks at them. */
export class ChatLinks {
  failed = $state.raw<unknown>(null);
  reading = $state(false);
  #known = $state.raw<readonly ChatLink[] | null>(null);
  #cursor = $state<string | null>(null);
  #turn = 0;

  /** Null until they are known. Whose time is over goes by itself. */
  get shown(): readonly ChatLink[] | null {
    return this.#known?.filter((link) => Date.parse(link.expires_at) > clock()) ?? null;
  }

  get more(): boolean {
    return this.#cursor !== null;
  }

  /** Follow them until the returned function is called. */
  start(): () => void {
    void this.read();
    const ends = [
      client().on("chatLinks", () => void this.read()),
      client().on("missed", () => void this.read()),
    ];
    return () => ends.forEach((end) => end());
  }

  /** As many as are shown, anew. */
  async read(): Promise<void> {
    const turn = ++this.#turn;
    const wanted = Math.max(AT_ONCE, this.#known?.length ?? 0);
    try {
      const found: ChatLink[] = [];
      let cursor: string | null = null;
      do {
        const page: ChatLinkList = await this.#page(cursor);
        found.push(...page.links);
        cursor = page.next_cursor;
      } while (cursor && found.length < wanted);
      if (turn !== this.#turn) return;
      this.#known = found;
      this.#cursor = cursor;
      this.failed = null;
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    }
  }

  async readMore(): Promise<void> {
    if (!this.#cursor || this.reading) return;
    const turn = this.#turn;
    this.reading = true;
    try {
      const page = await this.#page(this.#cursor);
      if (turn === this.#turn) {
        this.#known = [...(this.#known ?? []), ...page.links];
        this.#cursor = page.next_cursor;
        this.failed = null;
      }
    } catch (error) {
      this.failed = error;
    }
    this.reading = false;
  }

  #page(cursor: string | null): Promise<ChatLinkList> {
    const query = new URLSearchParams({ limit: String(AT_ONCE), ...(cursor ? { cursor } : {}) });
    return call<ChatLinkList>("GET", `/chat-links?${query}`);
  }
}
