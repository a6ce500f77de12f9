import { describe, expect, it } from "vitest";
import english from "../src/i18n/en.json";

type Text = string | Record<string, string>;
const files = import.meta.glob<Record<string, Text>>("../src/i18n/*.json", {
  eager: true,
  import: "default",
});
const names = (text: Text) => {
  const all = typeof text === "string" ? [text] : Object.values(text);
  return [...new Set(all.flatMap((one) => [...one.matchAll(/\{(\w+)\}/g)].map((match) => match[1])))].sort();
};

describe.each(Object.entries(files))("the catalogue %s", (path, catalogue) => {
  const tag = path.replace(/.*\/(.*)\.json/, "$1");

  it("has every text and no other", () => {
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(english).sort());
  });

  it("names the same values", () => {
    for (const [key, text] of Object.entries(english))
      expect([key, names(catalogue[key] ?? "")]).toEqual([key, names(text)]);
  });

  it("has each plural that its language needs", () => {
    const needed = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const text of Object.values(catalogue)) {
      if (typeof text !== "string") expect(Object.keys(text).sort()).toEqual([...needed].sort());
    }
  });

  it("says what happened, never that something went wrong", () => {
    for (const text of Object.values(catalogue))
      expect(JSON.stringify(text)).not.toMatch(/something went wrong|etwas ist schief/i);
  });
});
