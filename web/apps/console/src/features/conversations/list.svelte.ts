import type { ConversationRow, Folder } from "@alongside/contract";
import type { ListFilter, ListState } from "@alongside/client";
import { client } from "../../live/client.svelte";
import { go, inboxPath, place } from "../../shell/router.svelte";
import { arrange } from "./order";

export const FOLDERS: readonly Folder[] = ["unread", "unresolved", "done", "all"];

/** The filter as the address says. The search is not part of it: it is the list's own, and gone with the page. */
export function filterOf(query: URLSearchParams): Omit<ListFilter, "search"> {
  const folder = FOLDERS.find((one) => one === query.get("folder")) ?? "unread";
  return { folder, mine: query.get("mine") === "1", provider: query.get("provider") };
}

export function changeFilter(change: Partial<Omit<ListFilter, "search">>): void {
  const filter = { ...filterOf(place().query), ...change };
  const query = new URLSearchParams();
  if (filter.folder !== "unread") query.set("folder", filter.folder);
  if (filter.mine) query.set("mine", "1");
  if (filter.provider !== null) query.set("provider", filter.provider);
  go(inboxPath(place().first, query));
}

/** The list as it is shown: the client's window, held still while the pointer or the focus is in it. */
export class ListView {
  state = $state.raw<ListState>(client().list.state);
  /** The rows in the order shown. */
  rows = $state.raw<readonly ConversationRow[]>([]);
  fresh = $state(0);
  pending = $state(false);
  /** The rows are of an earlier search; those asked for are on their way. */
  stale = $state(false);
  #held = false;
  #latest = new Map<string, ConversationRow>();

  constructor() {
    this.#took(client().list.state);
  }

  /** Follow the client until the returned function is called. */
  start(): () => void {
    const ends = [
      client().list.subscribe((state) => this.#took(state)),
      client().on("row", ({ row }) => this.#patched(row)),
    ];
    return () => ends.forEach((end) => end());
  }

  hold(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    this.#arrange();
  }

  /** Show what is held back. */
  letGo(): void {
    this.#arrange(false);
  }

  #took(state: ListState): void {
    const before = this.state.filter;
    const other = before !== state.filter;
    this.state = state;
    for (const row of state.rows) this.#latest.set(row.id, row);
    const searching = state.loading && state.rows.length === 0 && this.rows.length > 0;
    if (searching && sameFolder(before, state.filter)) this.stale = true;
    else this.#arrange(other || this.stale ? false : this.#held);
  }

  #patched(row: ConversationRow): void {
    this.#latest.set(row.id, row);
    this.rows = this.rows.map((old) => (old.id === row.id && old.last_seq <= row.last_seq ? row : old));
  }

  #arrange(held = this.#held): void {
    this.stale = false;
    const shown = this.rows.map((row) => row.id);
    const wanted = this.state.rows.map((row) => row.id);
    const { ids, fresh, pending } = arrange(shown, wanted, held);
    this.rows = ids.map((id) => this.#latest.get(id)).filter((row) => row !== undefined);
    this.fresh = fresh;
    this.pending = pending;
    if (!held) this.#latest = new Map(this.rows.map((row) => [row.id, row]));
  }
}

function sameFolder(one: ListFilter, other: ListFilter): boolean {
  return one.folder === other.folder && one.mine === other.mine && one.provider === other.provider;
}
