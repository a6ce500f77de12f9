import type { EpisodeList, EpisodeRow } from "@alongside/contract";
import { call } from "../../live/api";
import { toApi, type Question } from "./question";

/** The episodes of a question, page by page. */
export class EpisodesView {
  rows = $state.raw<readonly EpisodeRow[]>([]);
  loading = $state(true);
  failed = $state.raw<unknown>(null);
  more = $state(false);
  #asked = "";
  #cursor: string | null = null;
  #turn = 0;

  async show(question: Question): Promise<void> {
    this.#asked = `${toApi(question)}&newest=true`;
    this.#cursor = null;
    await this.#read(true);
  }

  async next(): Promise<void> {
    await this.#read(this.#cursor === null);
  }

  async #read(anew: boolean): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    const from = anew || this.#cursor === null ? "" : `&cursor=${encodeURIComponent(this.#cursor)}`;
    try {
      const page = await call<EpisodeList>("GET", `/reports/episodes?${this.#asked}${from}`);
      if (turn !== this.#turn) return;
      this.rows = anew ? page.rows : [...this.rows, ...page.rows];
      this.#cursor = page.next_cursor;
      this.more = page.next_cursor !== null;
      this.failed = null;
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    }
    if (turn === this.#turn) this.loading = false;
  }
}
