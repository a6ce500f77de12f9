import { describe, expect, test } from "vitest";
import { foregroundOn, luminance, sound } from "../src/shared/colour";
import { choose, inLanguage } from "../src/shared/language";
import { toPage, toPanel, wrap } from "../src/shared/messages";

describe("foregroundOn", () => {
  test("reads at 4.5 : 1 or better on every colour", () => {
    for (let red = 0; red < 256; red += 15) {
      for (let green = 0; green < 256; green += 15) {
        for (let blue = 0; blue < 256; blue += 15) {
          const colour = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
          const [a, b] = [luminance(colour), luminance(foregroundOn(colour).replace(/\w/g, "$&$&"))];
          expect((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), colour).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
  });

  test("a colour that is none is replaced by ours", () => {
    expect(sound("red;background:url(//evil.example)")).toBe("#2f6f4f");
    expect(sound("#1F5C46")).toBe("#1F5C46");
  });
});

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
    { alongside: { type: "unread", count: "3" } },
    { alongside: { type: "unread", count: 1.5 } },
    { alongside: { type: "message", mine: true } },
    { alongside: { type: ["close"], x: 1, toString: null } },
  ];

  test.each(strangers.map((data) => [data]))("%j is none of ours", (data) => {
    expect(toPage(data)).toBeNull();
    expect(toPanel(data)).toBeNull();
  });

  test("what is for one side is not heard on the other", () => {
    expect(toPanel(wrap({ type: "close" }))).toBeNull();
    expect(toPage(wrap({ type: "open" }))).toBeNull();
  });
});
