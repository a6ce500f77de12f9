import type { ArticleRow, ArticleVersion } from "@alongside/contract";
import { describe, expect, it } from "vitest";
import { filtered, moved, stateOf, versionFor } from "../src/features/articles/state";

const version = (language: string, published: boolean, changed = false): ArticleVersion => ({
  language,
  title: language,
  slug: null,
  published,
  changed,
  updated_at: "2026-01-01T00:00:00Z",
  updated_by: null,
  views: 0,
});
const row = (id: string, category: string | null, ...versions: ArticleVersion[]): ArticleRow => ({
  id,
  category_id: category,
  picture_url: null,
  versions,
});

const rows = [
  row("both", "c1", version("de", false), version("en", true)),
  row("german", "c2", version("de", true, true)),
  row("loose", null, version("en", false)),
];
const ids = (filters: Partial<Parameters<typeof filtered>[1]>) =>
  filtered(rows, { category: "", language: "", state: "", ...filters }).map((one) => one.id);

describe("the list's filters", () => {
  it("show everything when nothing is chosen", () => {
    expect(ids({})).toEqual(["both", "german", "loose"]);
  });

  it("know articles without a category", () => {
    expect(ids({ category: "c1" })).toEqual(["both"]);
    expect(ids({ category: "none" })).toEqual(["loose"]);
  });

  it("mean the state in the language chosen", () => {
    expect(ids({ state: "draft" })).toEqual(["both", "loose"]);
    expect(ids({ state: "draft", language: "de" })).toEqual(["both"]);
    expect(ids({ state: "published", language: "de" })).toEqual([]);
    expect(ids({ state: "changed" })).toEqual(["german"]);
  });
});

describe("a version", () => {
  it("says how it stands", () => {
    expect([version("en", false, true), version("en", true), version("en", true, true)].map(stateOf)).toEqual(
      ["draft", "published", "changed"],
    );
  });

  it("is chosen by language, else English, else any", () => {
    expect(rows.map((one) => versionFor(one, "de")?.language)).toEqual(["de", "de", "en"]);
    expect(rows.map((one) => versionFor(one, "fr")?.language)).toEqual(["en", "de", "en"]);
  });
});

describe("moving", () => {
  it("swaps neighbours and stops at the ends", () => {
    expect(moved(["a", "b", "c"], 1, -1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b", "c"], 1, 1)).toEqual(["a", "c", "b"]);
    expect(moved(["a", "b"], 0, -1)).toBeNull();
    expect(moved(["a", "b"], 1, 1)).toBeNull();
  });
});
