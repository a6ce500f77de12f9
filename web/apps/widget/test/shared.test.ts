import { describe, expect, test } from "vitest";
import { choose, inLanguage } from "../src/shared/language";
import { toPage, toPanel, wrap } from "../src/shared/messages";

describe("languages", () => {
  test.each([
    [["de-AT", "en"], "de"],
    [["fr", "de"], "de"],
    [["FR-ca"], "en"],
    [[], "en"],
    [["zh-Hant-TW", "zh"], "en"],
    [["pt-BR"], "pt-BR"],
  ])("of %j, %s is spoken", (wanted, expected) =>
    expect(choose(wanted, ["de", "en", "pt-BR"])).toBe(expected),
  );

  test("where none is known, the one that a channel names is spoken", () =>
    expect(choose(["fr"], ["de", "it"], "de")).toBe("de"));

  test("a channel's text falls back to English", () => {
    expect(inLanguage({ en: "Hi", de: "Hallo" }, ["de-CH"])).toBe("Hallo");
    expect(inLanguage({ en: "Hi", de: "Hallo" }, ["fr"])).toBe("Hi");
    expect(inLanguage({}, ["fr"])).toBe("");
  });
});

describe("messages between page and panel", () => {
  test("come through as they were sent", () => {
    expect(toPage(wrap({ type: "unread", count: 3 }))).toEqual({ type: "unread", count: 3 });
    expect(toPanel(wrap({ type: "identify", identity: { token: "t" } }))).toMatchObject({ type: "identify" });
  });

  const strangers: unknown[] = [
    null,
    "open",
    { type: "open" },
    { alongside: null },
    { alongside: "open" },
    { alongside: { type: "constructor" } },
    { alongside: { type: "__proto__" } },
    { alongside: { type: "page", page: null } },
    { alongside: { type: "look", look: "red" } },
    {
      alongside: { type: "hello", look: {}, page: {}, languages: "en", dir: "ltr", open: true, focus: true },
    },
    { alongside: { type: ["close"], x: 1, toString: null } },
  ];

  test.each(strangers.map((data) => [data]))("%j is none of ours", (data) => {
    expect(toPanel(data)).toBeNull();
  });

  test("what is for the page is not heard by the panel", () => {
    expect(toPanel(wrap({ type: "close" }))).toBeNull();
  });
});
