import type { TicketList, TicketRow } from "@alongside/contract";
import { call } from "../../live/api";
import { client } from "../../live/client.svelte";
import { today, toApi, type Question } from "./question";

const PAGE = 50;
const MOST_AT_ONCE = 200;
const SETTLE_MS = 300;

/**
 * The list as it is shown. A ticket that changes is shown as it is now, where it stands; what comes, goes or moves
 * waits while somebody is in the list, and is read at once otherwise.
 */
export class TicketListView {
  rows = $state.raw<readonly TicketRow[]>([]);
  /** Up to 10,000; null until known. */
  total = $state<number | null>(null);
  loading = $state(true);
  failed = $state.raw<unknown>(null);
  hasMore = $state(false);
  /** Something would stand elsewhere if the list were read anew. */
  pending = $state(false);
  #question: Question | null = null;
  #cursor: string | null = null;
  #turn = 0;
  #held = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Follow the server until the returned function is called. */
  start(): () => void {
    const ends = [
      client().on("ticket", ({ row }) => this.#changed(row)),
      client().on("missed", () => void this.refresh()),
    ];
    return () => {
      ends.forEach((end) => end());
      clearTimeout(this.#timer);
    };
  }

  /** Show what is asked, from the top. */
  async show(question: Question): Promise<void> {
    this.#question = question;
    this.rows = [];
    this.total = null;
    await this.#read(PAGE);
  }

  /** Read what is shown anew. */
  async refresh(): Promise<void> {
    await this.#read(Math.min(MOST_AT_ONCE, Math.max(PAGE, this.rows.length)));
  }

  async more(): Promise<void> {
    if (!this.#cursor || this.loading || !this.#question) return;
    const turn = this.#turn;
    this.loading = true;
    try {
      const page = await this.#page(PAGE, this.#cursor);
      if (turn !== this.#turn) return;
      const known = new Set(this.rows.map((row) => row.number));
      this.rows = [...this.rows, ...page.rows.filter((row) => !known.has(row.number))];
      this.#ends(page);
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }

  /** While held nothing moves. */
  hold(held: boolean): void {
    this.#held = held;
    if (!held && this.pending) void this.refresh();
  }

  async #read(limit: number): Promise<void> {
    if (!this.#question) return;
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const page = await this.#page(limit, null);
      if (turn !== this.#turn) return;
      this.rows = page.rows;
      this.total = page.total;
      this.failed = null;
      this.pending = false;
      this.#ends(page);
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }

  async #page(limit: number, cursor: string | null): Promise<TicketList> {
    const question = this.#question as Question;
    const query = toApi(question, today());
    query.set("sort", question.sort);
    if (question.reverse) query.set("reverse", "true");
    query.set("limit", String(limit));
    if (cursor) query.set("cursor", cursor);
    return call<TicketList>("GET", `/tickets?${query}`);
  }

  #ends(page: TicketList): void {
    this.#cursor = page.next_cursor;
    this.hasMore = page.next_cursor !== null;
  }

  #changed(row: TicketRow): void {
    const at = this.rows.findIndex((old) => old.number === row.number);
    const old = this.rows[at];
    if (old && old.last_seq < row.last_seq) this.rows = this.rows.with(at, row);
    this.pending = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => !this.#held && void this.refresh(), SETTLE_MS);
  }
}
