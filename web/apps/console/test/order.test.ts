import { describe, expect, it } from "vitest";
import { arrange, countWords, inSight, neighbour, shortCount } from "../src/features/conversations/order";

describe("the order of the list", () => {
  it("follows what is wanted while nobody is in it", () => {
    expect(arrange(["a", "b"], ["c", "b", "a"], false)).toEqual({
      ids: ["c", "b", "a"],
      fresh: 0,
      pending: false,
    });
  });

  it("moves nothing while it is held, and counts what would come in above", () => {
    const held = arrange(["a", "b", "c"], ["x", "c", "y", "a", "b"], true);
    expect(held).toEqual({ ids: ["a", "b", "c"], fresh: 2, pending: true });
  });

  it("keeps a row that left the folder until it is let go", () => {
    expect(arrange(["a", "b", "c"], ["a", "c"], true)).toEqual({
      ids: ["a", "b", "c"],
      fresh: 0,
      pending: true,
    });
    expect(arrange(["a", "b", "c"], ["a", "c"], false).ids).toEqual(["a", "c"]);
  });

  it("appends older rows below, for they move nothing", () => {
    const paged = arrange(["a", "b"], ["x", "a", "b", "c", "d"], true);
    expect(paged.ids).toEqual(["a", "b", "c", "d"]);
    expect(paged.fresh).toBe(1);
  });

  it("shows the first rows at once, held or not", () => {
    expect(arrange([], ["a", "b"], true)).toEqual({ ids: ["a", "b"], fresh: 0, pending: false });
  });

  it("has nothing pending when only contents changed", () => {
    expect(arrange(["a", "b"], ["a", "b"], true).pending).toBe(false);
  });
});

describe("moving by keyboard", () => {
  it("starts at the top and stops at both ends", () => {
    expect(neighbour(["a", "b", "c"], null, 1)).toBe("a");
    expect(neighbour(["a", "b", "c"], "b", 1)).toBe("c");
    expect(neighbour(["a", "b", "c"], "c", 1)).toBe("c");
    expect(neighbour(["a", "b", "c"], "a", -1)).toBe("a");
    expect(neighbour([], null, 1)).toBeUndefined();
  });

  it("starts at the top when the open conversation is not in this folder", () => {
    expect(neighbour(["a", "b"], "elsewhere", 1)).toBe("a");
  });
});

describe("what is in sight", () => {
  it("is the same few rows whether there are a hundred or a hundred thousand", () => {
    const few = inSight(7400, 740, 74, 100_000, 6);
    expect(few).toEqual({ from: 94, to: 116 });
    expect(few.to - few.from).toBeLessThan(30);
  });

  it("stays inside the list", () => {
    expect(inSight(0, 740, 74, 3)).toEqual({ from: 0, to: 3 });
    expect(inSight(10_000, 740, 74, 3)).toEqual({ from: 3, to: 3 });
    expect(inSight(0, 740, 74, 0)).toEqual({ from: 0, to: 0 });
  });
});

describe("counts", () => {
  it("stop where the server stops counting", () => {
    expect(countWords(0, "en")).toBe("0");
    expect(countWords(9_999, "en")).toBe("9,999");
    expect(countWords(10_000, "en")).toBe("9,999+");
    expect(countWords(10_000, "de")).toBe("9.999+");
    expect([0, 999, 1_000, 8_990, 9_999, 10_000].map(shortCount)).toEqual([
      "0",
      "999",
      "1k",
      "8k",
      "9k",
      "10k+",
    ]);
  });
});
