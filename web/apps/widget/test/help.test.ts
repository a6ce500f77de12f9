import { describe, expect, test, vi } from "vitest";
import { direction, helpTexts, slugOf } from "../src/panel/help";
import { Words } from "../src/panel/texts";

vi.stubGlobal("location", { origin: "https://chat.example" });

describe("an address", () => {
  test("of our help centre names an article", () => {
    expect(slugOf("/help/returning-a-parcel")).toBe("returning-a-parcel");
    expect(slugOf("https://chat.example/help/sizes")).toBe("sizes");
  });

  test("of anything else does not", () => {
    for (const url of [
      "/help",
      "/help/topics/gear",
      "/help/a?b",
      "//evil.test/help/a",
      "https://evil.test/help/a",
      "https://chat.example.evil.test/help/a",
      "javascript:/help/a",
      "",
      null,
      undefined,
    ])
      expect(slugOf(url), String(url)).toBeNull();
  });
});

describe("the help centre's words", () => {
  test("come in the reader's language", () => {
    expect(helpTexts(new Words(["de-AT"])).back).toBe("Zurück");
    expect(helpTexts(new Words(["fr"])).back).toBe("Back");
  });

  test("run in their own direction", () => {
    expect(["en", "he"].map(direction)).toEqual(["ltr", "rtl"]);
  });
});
