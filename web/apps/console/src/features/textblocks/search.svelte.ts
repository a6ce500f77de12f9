import type { TextBlock } from "@alongside/contract";
import { call, explain } from "../../live/api";
import { client } from "../../live/client.svelte";

const PAUSE_MS = 60;
const REMEMBERED = 200;

/** A live search. While an answer is awaited the last one stays, so that nothing flickers. */
export class TextBlockSearch {
  found = $state.raw<TextBlock[]>([]);
  /** The question that `found` answers; null: none has been answered. */
  answered = $state.raw<string | null>(null);
  failed = $state.raw<string | null>(null);
  #wanted: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #answers = new Map<string, TextBlock[]>();
  /** How often the blocks have changed. */
  #age = 0;

  /** `language`: which blocks come first. */
  constructor(private language: () => Promise<string | null>) {}

  /** Hear of changes until the returned function is called. */
  start(): () => void {
    const ends = (["textBlocks", "missed"] as const).map((each) => client().on(each, () => this.#forget()));
    return () => {
      ends.forEach((end) => end());
      this.stop();
    };
  }

  ask(query: string): void {
    if (this.#wanted === query) return;
    this.#wanted = query;
    clearTimeout(this.#timer);
    const known = this.#answers.get(query);
    if (known) this.#take(query, known);
    else this.#timer = setTimeout(() => void this.#read(query), this.answered === null ? 0 : PAUSE_MS);
  }

  /** The best one for a question, whatever is asked meanwhile; null where there is none, or no answer. */
  async first(query: string): Promise<TextBlock | null> {
    if (!this.#answers.has(query)) await this.#read(query);
    return this.#answers.get(query)?.[0] ?? null;
  }

  /** Nothing is asked (any more). */
  stop(): void {
    clearTimeout(this.#timer);
    this.#wanted = null;
    this.answered = null;
    this.found = [];
    this.failed = null;
  }

  /** The blocks are others now. */
  #forget(): void {
    this.#answers.clear();
    this.#age += 1;
    if (this.#wanted !== null) void this.#read(this.#wanted);
  }

  async #read(query: string): Promise<void> {
    const age = this.#age;
    const search = new URLSearchParams({ q: query });
    const language = await this.language();
    if (language) search.set("language", language);
    try {
      const found = await call<TextBlock[]>("GET", `/text-blocks/search?${search}`);
      if (age !== this.#age) return await this.#read(query); // it tells of before the change
      if (this.#answers.size >= REMEMBERED) this.#answers.clear();
      this.#answers.set(query, found);
      if (this.#wanted === query) this.#take(query, found);
    } catch (error) {
      if (this.#wanted === query) this.failed = explain(error);
    }
  }

  #take(query: string, found: TextBlock[]): void {
    this.found = found;
    this.answered = query;
    this.failed = null;
  }
}
