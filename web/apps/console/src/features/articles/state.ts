import type { ArticleRow, ArticleVersion } from "@alongside/contract";

export type State = "draft" | "published" | "changed";

/** How a version stands: never or no longer public, public, or public with changes that are not. */
export function stateOf(version: ArticleVersion): State {
  return !version.published ? "draft" : version.changed ? "changed" : "published";
}

export interface Filters {
  /** A category's id, "none" for articles without one, "" for all. */
  category: string;
  language: string;
  state: State | "";
}

/** The rows that a list shows. A language and a state together mean: in that state in that language. */
export function filtered(rows: readonly ArticleRow[], { category, language, state }: Filters): ArticleRow[] {
  return rows.filter((row) => {
    if (category && (row.category_id ?? "none") !== category) return false;
    const versions = row.versions.filter((one) => !language || one.language === language);
    if (language && versions.length === 0) return false;
    return !state || versions.some((one) => stateOf(one) === state);
  });
}

/** The version to show first: in the wanted language, else in English, else any. */
export function versionFor(row: ArticleRow, wanted: string): ArticleVersion | undefined {
  const by = (tag: string) => row.versions.find((one) => one.language === tag);
  return by(wanted) ?? by("en") ?? row.versions[0];
}

/** `ids` with the one at `at` moved by `by` places, or null where that leads out of the list. */
export function moved(ids: readonly string[], at: number, by: -1 | 1): string[] | null {
  const to = at + by;
  if (at < 0 || to < 0 || to >= ids.length) return null;
  const next = [...ids];
  const [one] = next.splice(at, 1);
  next.splice(to, 0, one as string);
  return next;
}
