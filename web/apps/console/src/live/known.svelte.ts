import { untrack } from "svelte";
import { client } from "./client.svelte";

/**
 * What the server knows of something small: read whole, and again whenever it may be another. Only the answer to the
 * newest question counts, for an older one may come after it.
 */
export class Known<Answer> {
  /** Null until it is known. */
  value = $state.raw<Answer | null>(null);
  failed = $state.raw<unknown>(null);
  readonly #ask: () => Promise<Answer>;
  #turn = 0;

  constructor(ask: () => Promise<Answer>) {
    this.#ask = ask;
  }

  async read(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const answer = await this.#ask();
      if (turn === this.#turn) [this.value, this.failed] = [answer, null];
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    }
  }

  /** Read it now, whenever `event` is told and after anything was missed, until the returned function is called. */
  follow(event: "directory" | "queue" | "rules"): () => void {
    untrack(() => void this.read());
    const ends = [event, "missed" as const].map((each) => client().on(each, () => void this.read()));
    return () => ends.forEach((end) => end());
  }
}
