import type { ConversationRow, Folder } from "@alongside/contract";
import type { ListFilter, ListState } from "@alongside/client";
import { client } from "../../live/client.svelte";
import { go, inboxPath, place } from "../../shell/router.svelte";
import { readPeriod } from "../../shell/period";
import { arrange } from "./order";

export const FOLDERS: readonly Folder[] = ["unread", "unresolved", "done", "all"];

/** The filter as the address says. The search is not part of it: it is the list's own, and gone with the page. */
export function filterOf(query: URLSearchParams): Omit<ListFilter, "search"> {
  const folder = FOLDERS.find((one) => one === query.get("folder")) ?? "unread";
  return {
    folder,
    order: query.get("order") === "sla" ? "sla" : "newest",
    mine: query.get("mine") === "1",
    provider: query.get("provider"),
    label: query.get("label"),
    period: readPeriod(query.get("period")),
  };
}

export function changeFilter(change: Partial<Omit<ListFilter, "search">>): void {
  const filter = { ...filterOf(place().query), ...change };
  const query = new URLSearchParams();
  if (filter.folder !== "unread") query.set("folder", filter.folder);
  if (filter.order !== "newest") query.set("order", filter.order);
  if (filter.mine) query.set("mine", "1");
  if (filter.provider !== null) query.set("provider", filter.provider);
  if (filter.label !== null) query.set("label", filter.label);
  if (filter.period !== null) query.set("period", filter.period);
  go(inboxPath(place().first, query));
}

/** The list as it is shown: the client's window, held still while the pointer or the focus is in it. */
export class ListView {
  state = $state.raw<ListState>(client().list.state);
  /** The rows in the order shown. */
  rows = $state.raw<readonly ConversationRow[]>(client().list.state.rows);
  fresh = $state(0);
  pending = $state(false);
  /** The rows are of an earlier search; those asked for are on their way. */
  stale = $state(false);
  #held = false;
  /** Frames were missed: what the next read does not hold may be gone for good, and nobody will say so. */
  #missed = false;

  /** Follow the client until the returned function is called. */
  start(): () => void {
    const ends = [
      client().list.subscribe((state) => this.#took(state)),
      client().on("row", ({ row }) => this.#patched(row)),
      client().on("gone", ({ conversationIds }) => this.#drop((id) => conversationIds.includes(id))),
      client().on("missed", () => (this.#missed = true)),
    ];
    return () => ends.forEach((end) => end());
  }

  hold(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    if (!held) this.#show(false);
  }

  /** Show what is held back. */
  letGo(): void {
    this.#show(false);
  }

  #took(state: ListState): void {
    const before = this.state;
    this.state = state;
    const searching = state.loading && state.rows.length === 0 && this.rows.length > 0;
    if (searching && sameFilter(before.filter, state.filter)) {
      this.stale = true;
    } else if (state.rows !== before.rows || this.stale) {
      this.#show(this.#held && before.filter === state.filter && !this.stale);
    }
    if (this.#missed && before.loading && !state.loading && !state.failed) {
      this.#missed = false;
      const there = new Set(state.rows.map(idOf));
      this.#drop((id) => !there.has(id));
    }
  }

  /** A row that left the folder is no longer in the window, but still shown while the list is held. */
  #patched(row: ConversationRow): void {
    const at = this.rows.findIndex((old) => old.id === row.id);
    const old = this.rows[at];
    if (old && old !== row && old.last_seq <= row.last_seq) this.rows = this.rows.with(at, row);
  }

  /** What is gone for good goes at once, also while the list is held. */
  #drop(isGone: (id: string) => boolean): void {
    if (this.rows.some((row) => isGone(row.id))) this.rows = this.rows.filter((row) => !isGone(row.id));
  }

  #show(held: boolean): void {
    this.stale = false;
    const wanted = this.state.rows;
    const { ids, fresh, pending } = arrange(this.rows.map(idOf), wanted.map(idOf), held);
    this.fresh = fresh;
    this.pending = pending;
    if (!pending) {
      this.rows = wanted; // the usual case, also with a hundred thousand rows
      return;
    }
    const latest = new Map([...this.rows, ...wanted].map((row) => [row.id, row]));
    this.rows = ids.map((id) => latest.get(id)).filter((row) => row !== undefined);
  }
}

const idOf = (row: ConversationRow) => row.id;

/** Is it the same list, whatever is searched in it? */
export function sameFilter(one: Omit<ListFilter, "search">, other: Omit<ListFilter, "search">): boolean {
  return (
    one.folder === other.folder &&
    one.order === other.order &&
    one.mine === other.mine &&
    one.provider === other.provider &&
    one.label === other.label &&
    one.period === other.period
  );
}
