import { describe, expect, test } from "vitest";
// The server's answers (tests/channels/test_pages.py) and these are the same.
import vectors from "../../../../tests/channels/page_patterns.json";
import { matches, showsOn } from "../src/shared/pages";

const MATCHES = vectors.matches as unknown as [pattern: string, address: string, means: boolean][];

describe("matches", () => {
  test.each(MATCHES)("%s on %s: %s", (pattern, address, means) => {
    expect(matches(pattern, address)).toBe(means);
  });

  test("no pattern takes long", () => {
    const began = performance.now();
    expect(matches(`/${"*a".repeat(149)}`, `https://shop.example/${"a".repeat(1_900)}b`)).toBe(false);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe("showsOn", () => {
  test("everywhere without lists, on named pages with them, never where it is hidden", () => {
    const at = "https://shop.example/help/a";
    expect(showsOn(at, [], [])).toBe(true);
    expect(showsOn(at, ["/help/*"], [])).toBe(true);
    expect(showsOn(at, ["/cart"], [])).toBe(false);
    expect(showsOn(at, ["/help/*"], ["*/a"])).toBe(true);
    expect(showsOn(at, ["/help/*"], ["/help/a"])).toBe(false);
  });
});
