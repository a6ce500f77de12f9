import type { GatheredFigures, GatheredList, GatheredRow } from "@alongside/contract";
import { call } from "../../live/api";
import type { Question } from "./question";

/** What was learned about customers in a period. */
export class GatheredView {
  told = $state.raw<GatheredFigures | null>(null);
  rows = $state.raw<readonly GatheredRow[]>([]);
  after = $state<number | null>(null);
  failed = $state.raw<unknown>(null);
  loading = $state(true);
  #asked = "";
  #turn = 0;

  async show({ first, last }: Question): Promise<void> {
    this.#asked = new URLSearchParams({ first, last }).toString();
    await this.read();
  }

  async read(): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const [told, page] = await Promise.all([
        call<GatheredFigures>("GET", `/reports/gathered/figures?${this.#asked}`),
        call<GatheredList>("GET", `/reports/gathered/rows?${this.#asked}`),
      ]);
      if (turn !== this.#turn) return;
      [this.told, this.rows, this.after, this.failed] = [told, page.rows, page.next_after, null];
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    }
    if (turn === this.#turn) this.loading = false;
  }

  async next(): Promise<void> {
    const turn = this.#turn;
    this.loading = true;
    try {
      const page = await call<GatheredList>(
        "GET",
        `/reports/gathered/rows?${this.#asked}&after=${this.after}`,
      );
      if (turn === this.#turn) [this.rows, this.after] = [[...this.rows, ...page.rows], page.next_after];
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    }
    if (turn === this.#turn) this.loading = false;
  }
}
