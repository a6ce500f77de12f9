import type { ContactList, ContactRow } from "@alongside/contract";
import { call } from "../../live/api";
import { client } from "../../live/client.svelte";
import { daysOf } from "../../shell/period";

export interface BookFilter {
  search: string;
  label: string | null;
  channel: string | null;
  verified: "all" | "yes" | "no";
  /** Days of which one saw a conversation of theirs begin. */
  period: string | null;
  sort: "newest" | "name";
}

export const EVERYBODY: BookFilter = {
  search: "",
  label: null,
  channel: null,
  verified: "all",
  period: null,
  sort: "newest",
};

const PAGE = 50;
const AGAIN_MS = 400;

/** The filter as a query of the API. */
export function asked(filter: BookFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (filter.search.trim()) query.set("search", filter.search.trim());
  if (filter.label) query.set("label", filter.label);
  if (filter.channel) query.set("channel", filter.channel);
  if (filter.verified !== "all") query.set("verified", String(filter.verified === "yes"));
  if (filter.period) {
    const { first, last } = daysOf(filter.period);
    query.set("first", first);
    query.set("last", last);
  }
  if (filter.sort !== "newest") query.set("sort", filter.sort);
  return query;
}

/** The contacts page's list: a window from its top, read again when somebody changes a contact. */
export class BookView {
  rows = $state.raw<readonly ContactRow[]>([]);
  filter = $state.raw<BookFilter>(EVERYBODY);
  loading = $state(true);
  failed = $state.raw<unknown>(null);
  more = $state(false);
  #cursor: string | null = null;
  #turn = 0;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(filter: BookFilter) {
    this.filter = filter;
  }

  /** Read, and follow changes, until the returned function is called. */
  start(): () => void {
    void this.read();
    const ends = [
      client().on("contact", () => this.#soon()),
      client().on("row", ({ wasStatus }) => wasStatus === null && this.#soon()), // somebody new has written
      client().on("connection", ({ state }) => state === "live" && this.#soon()),
    ];
    return () => {
      clearTimeout(this.#again);
      ends.forEach((end) => end());
    };
  }

  async show(filter: BookFilter): Promise<void> {
    this.filter = filter;
    this.rows = [];
    this.more = false;
    await this.read();
  }

  /** Read as much as is shown, again. */
  async read(): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const page = await this.#page(null, Math.min(200, Math.max(PAGE, this.rows.length)));
      if (turn === this.#turn) this.#took(page.rows, page.next_cursor);
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    }
    if (turn === this.#turn) this.loading = false;
  }

  async next(): Promise<void> {
    if (this.loading || this.#cursor === null) return;
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const page = await this.#page(this.#cursor, PAGE);
      const known = new Set(this.rows.map((row) => row.id));
      const rows = [...this.rows, ...page.rows.filter((row) => !known.has(row.id))];
      if (turn === this.#turn) this.#took(rows, page.next_cursor);
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    }
    if (turn === this.#turn) this.loading = false;
  }

  #took(rows: readonly ContactRow[], cursor: string | null): void {
    this.rows = rows;
    this.#cursor = cursor;
    this.more = cursor !== null;
    this.failed = null;
  }

  #page(cursor: string | null, limit: number): Promise<ContactList> {
    const query = asked(this.filter);
    query.set("limit", String(limit));
    if (cursor) query.set("cursor", cursor);
    return call<ContactList>("GET", `/contacts?${query}`);
  }

  /** Once for many changes. Beyond the first pages the list stays as it was read. */
  #soon(): void {
    clearTimeout(this.#again);
    if (this.rows.length <= 200) this.#again = setTimeout(() => void this.read(), AGAIN_MS);
  }
}
