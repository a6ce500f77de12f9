import type { TextBlock, TextBlockFilters, TextBlockPage } from "@alongside/contract";
import { call, explain } from "../../live/api";
import { client } from "../../live/client.svelte";

export type Sort = "title" | "uses";

const PAGE = 100;
const ALL = "*";
const PAUSE_MS = 150;

/** The management's list: what fits the filters, read again when anybody changes something. */
export class TextBlockList {
  search = $state("");
  /** "*": all; "": in no folder. */
  folder = $state(ALL);
  language = $state(ALL);
  team = $state(ALL);
  sort = $state<Sort>("title");
  blocks = $state.raw<TextBlock[]>([]);
  total = $state(0);
  filters = $state.raw<TextBlockFilters>({ folders: [], languages: [] });
  loaded = $state(false);
  failed = $state.raw<string | null>(null);
  #shown = PAGE;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get narrowed(): boolean {
    return this.search.trim() !== "" || this.folder !== ALL || this.language !== ALL || this.team !== ALL;
  }

  start(): () => void {
    const live = client();
    const ends = [
      live.on("textBlocks", () => void this.read()),
      live.on("directory", () => void this.read()),
      live.on("connection", ({ state }) => state === "live" && void this.read()),
    ];
    return () => {
      clearTimeout(this.#timer);
      ends.forEach((end) => end());
    };
  }

  /** The filters are others: from the beginning, as soon as nobody types. */
  narrow(): void {
    this.#shown = PAGE;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.read(), this.loaded ? PAUSE_MS : 0);
  }

  clear(): void {
    this.search = "";
    this.folder = this.language = this.team = ALL;
  }

  more(): void {
    this.#shown += PAGE;
    void this.read();
  }

  async read(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const [filters, ...pages] = await Promise.all([
        call<TextBlockFilters>("GET", "/text-blocks/filters"),
        ...Array.from({ length: this.#shown / PAGE }, (_, index) => this.#page(index * PAGE)),
      ]);
      if (turn !== this.#turn) return;
      this.filters = filters;
      this.total = pages[0]?.total ?? 0;
      // A change between two pages may show a block on both.
      this.blocks = [...new Map(pages.flatMap((page) => page.blocks).map((one) => [one.id, one])).values()];
      this.failed = null;
      this.loaded = true;
    } catch (error) {
      if (turn === this.#turn) this.failed = explain(error);
    }
  }

  #page(offset: number): Promise<TextBlockPage> {
    const asked = new URLSearchParams({ sort: this.sort, limit: `${PAGE}`, offset: `${offset}` });
    if (this.search.trim()) asked.set("search", this.search.trim());
    if (this.folder !== ALL) asked.set("folder", this.folder);
    if (this.language !== ALL) asked.set("language", this.language);
    if (this.team !== ALL) asked.set("team_id", this.team);
    return call("GET", `/text-blocks?${asked}`);
  }
}
