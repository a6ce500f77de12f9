import type { Dashboard } from "@alongside/contract";
import { call } from "../../live/api";
import { client } from "../../live/client.svelte";
import { toApi, type Question } from "./question";

const AGAIN_MS = 5_000;

/** The figures of a question, read again, not too often, while conversations go on. */
export class DashboardView {
  told = $state.raw<Dashboard | null>(null);
  failed = $state.raw<unknown>(null);
  loading = $state(true);
  #asked = "";
  #turn = 0;
  #again: ReturnType<typeof setTimeout> | undefined;

  /** Follow changes until the returned function is called. */
  start(): () => void {
    const ends = [
      client().on("row", () => this.#soon()),
      client().on("missed", () => this.#soon()),
      client().on("connection", ({ state }) => state === "live" && this.#soon()),
    ];
    return () => {
      ends.forEach((end) => end());
      clearTimeout(this.#again);
    };
  }

  async show(question: Question): Promise<void> {
    this.#asked = toApi(question).toString();
    await this.read();
  }

  async read(): Promise<void> {
    const turn = ++this.#turn;
    clearTimeout(this.#again);
    this.#again = undefined;
    this.loading = true;
    try {
      const told = await call<Dashboard>("GET", `/reports/dashboard?${this.#asked}`);
      if (turn !== this.#turn) return;
      this.told = told;
      this.failed = null;
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    }
    if (turn === this.#turn) this.loading = false;
  }

  /** Once for many changes, and not sooner than the server has time for. */
  #soon(): void {
    this.#again ??= setTimeout(() => void this.read(), AGAIN_MS);
  }
}
