import type { ArticleCategory, ArticleRow } from "@alongside/contract";
import { locale } from "../../i18n/index.svelte";
import { call } from "../../live/api";
import { client } from "../../live/client.svelte";

/** Languages an article can be written in: those whose words the search knows, and some more. */
const TAGS = ["en", "de", "fr", "es", "it", "nl", "pt", "pl", "da", "sv", "nb", "fi", "cs", "hu", "ro", "tr"];
const MORE_TAGS = ["uk", "ru", "ar", "he"];
export const LANGUAGES: readonly string[] = [...TAGS, ...MORE_TAGS];
export const RIGHT_TO_LEFT: readonly string[] = ["ar", "he"];

const READ_AGAIN_MS = 300;

/** A category's name in the reader's language, else in any. */
export function categoryName(category: ArticleCategory, tag = locale()): string {
  return category.names[tag] ?? category.names["en"] ?? Object.values(category.names)[0] ?? category.slug;
}

/** All articles with their categories, as the page shows them; read again when somebody changes one. */
export class ArticleShelf {
  rows = $state.raw<readonly ArticleRow[]>([]);
  categories = $state.raw<readonly ArticleCategory[]>([]);
  loaded = $state.raw(false);
  failed = $state.raw<unknown>(null);
  private search = "";
  private turn = 0;
  private later: ReturnType<typeof setTimeout> | undefined;

  /** Read now and whenever something changes, until the returned function is called. */
  watch(): () => void {
    void this.read();
    const stops = [
      client().on("articles", () => this.soon()),
      client().on("connection", ({ state }) => state === "live" && this.soon()),
    ];
    return () => {
      clearTimeout(this.later);
      for (const stop of stops) stop();
    };
  }

  find(search: string): void {
    this.search = search;
    this.soon();
  }

  async read(): Promise<void> {
    const turn = ++this.turn;
    try {
      const [rows, categories] = await Promise.all([
        call<ArticleRow[]>("GET", `/articles?search=${encodeURIComponent(this.search)}`),
        call<ArticleCategory[]>("GET", "/article-categories"),
      ]);
      if (turn !== this.turn) return;
      this.rows = rows;
      this.categories = categories;
      this.failed = null;
      this.loaded = true;
    } catch (error) {
      if (turn === this.turn) this.failed = error;
    }
  }

  /** Several changes in a row are read once. */
  private soon(): void {
    clearTimeout(this.later);
    this.later = setTimeout(() => void this.read(), READ_AGAIN_MS);
  }
}
