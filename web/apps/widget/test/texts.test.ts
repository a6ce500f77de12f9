import { describe, expect, test } from "vitest";
import { OwnWords } from "../src/panel/more/words";
import { textsOf } from "../src/panel/part-texts";
import { Words } from "../src/panel/texts";

const files = import.meta.glob<Record<string, unknown>>("../src/texts/*.json", {
  eager: true,
  import: "default",
});
const catalogues = Object.entries(files);

/** Every text of a catalogue by its path, such as panel.close. */
function flat(texts: object, path = ""): [string, string][] {
  return Object.entries(texts).flatMap(([name, value]) =>
    typeof value === "string"
      ? [[path + name, value] as [string, string]]
      : flat(value as object, `${path}${name}.`),
  );
}

const english = flat(files["../src/texts/en.json"] as object);
const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

describe.each(catalogues)("%s", (_, catalogue) => {
  const texts = Object.fromEntries(flat(catalogue as object));

  test("has the texts of the English one, with the same places to fill", () => {
    expect(Object.keys(texts).sort()).toEqual(english.map(([name]) => name).sort());
    for (const [name, text] of english) expect(holes(texts[name] as string), name).toEqual(holes(text));
  });

  test("has no empty text", () => {
    for (const [name, text] of Object.entries(texts)) expect(text.trim(), name).not.toBe("");
  });
});

const parts = Object.entries(
  import.meta.glob<object>("../src/texts/*/*.json", { eager: true, import: "default" }),
);
const englishOf = (path: string) =>
  flat(parts.find(([one]) => one === path.replace(/[^/]+$/, "en.json"))?.[1] ?? {});

describe.each(parts)("%s", (path, catalogue) => {
  const texts = Object.fromEntries(flat(catalogue));

  test("has the texts of the English one, with the same places to fill", () => {
    expect(Object.keys(texts).sort()).toEqual(
      englishOf(path)
        .map(([name]) => name)
        .sort(),
    );
    for (const [name, text] of englishOf(path))
      expect(holes(texts[name] as string), name).toEqual(holes(text));
  });

  test("is there for each language, and has no empty text", () => {
    expect(parts.filter(([one]) => one.startsWith(path.replace(/[^/]+$/, "")))).toHaveLength(
      catalogues.length,
    );
    for (const [name, text] of Object.entries(texts)) expect(text.trim(), name).not.toBe("");
  });
});

describe("a part that comes later", () => {
  const shipped = {
    en: { back: "Back", found: { one: "1 article", other: "{n} articles" } },
    de: { back: "Zurück", found: { one: "1 Artikel", other: "{n} Artikel" } },
  };
  const words = (asked: string[], own: Record<string, Record<string, string>>, offered: string[] = []) =>
    textsOf("help", shipped, new OwnWords(asked, [], offered, own));

  test("speaks the reader's language, in the company's words where it has some", () => {
    const said = words(["de-AT"], { de: { "help.found.one": "Ein Treffer", "panel.back": "nein" } });
    expect(said).toEqual({ back: "Zurück", found: { one: "Ein Treffer", other: "{n} Artikel" } });
    expect(words(["de-AT"], {})).toEqual(shipped.de);
  });

  test("speaks a language that we do not ship as far as the company has words for it, else English", () => {
    const said = words(["it"], { fr: { "help.back": "Retour" } }, ["fr", "de"]);
    expect(said).toEqual({ ...shipped.en, back: "Retour" });
  });
});

describe("Words", () => {
  test("speaks the first language it knows, in the reader's region", () => {
    const words = new Words(["fr", "de-AT", "en"]);
    expect(words.language).toBe("de");
    expect(words.say("typing", { name: "Ines" })).toBe("Ines schreibt…");
    expect(words.list(["Ines", "Tom"])).toBe("Ines oder Tom");
  });

  test("names the days near by", () => {
    const words = new Words(["en-GB"]);
    const now = new Date(2026, 2, 29, 0, 30); // the night the clocks change in Europe
    expect(words.day(new Date(2026, 2, 29, 0, 5).toISOString(), now)).toBe("Today");
    expect(words.day(new Date(2026, 2, 28, 23, 59).toISOString(), now)).toBe("Yesterday");
    expect(words.day(new Date(2026, 2, 20, 9, 0).toISOString(), now)).toBe("Friday 20 March");
    expect(words.day(new Date(2025, 11, 31, 9, 0).toISOString(), now)).toBe("31 December 2025");
  });

  test("a language tag that is none does not stop it", () => {
    expect(new Words(["en_US!!", "en"]).time("2026-03-01T10:00:00Z")).toMatch(/\d/);
  });

  test("times are written as in the reader's region, whatever the page says of its language", () => {
    const at = new Date(2026, 2, 29, 14, 30).toISOString();
    expect(new Words(["en", "en-GB", "en"], ["en-GB", "en"]).time(at)).toBe("14:30");
    expect(new Words(["en-US"], ["en-GB"]).time(at)).toBe("14:30");
    expect(new Words(["en", "de-DE"], ["de-DE"]).time(at)).toMatch(/2:30.PM/);
    expect(new Words(["de", "en-GB"], ["en-GB"]).time(at)).toBe("14:30");
  });

  test("a refusal is told in words for visitors", () => {
    const words = new Words(["en"]);
    expect(words.reason("text-too-long")).toContain("too long");
    expect(words.reason("never-heard-of")).toContain("could not be accepted");
    expect(words.reason("toString")).toContain("could not be accepted");
  });
});
