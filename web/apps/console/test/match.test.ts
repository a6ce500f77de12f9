import { describe, expect, it } from "vitest";
import { score } from "../src/shell/match";

describe("finding a command", () => {
  it("asks for every word, anywhere", () => {
    expect(score("set done", "Set to Done")).toBeGreaterThan(0);
    expect(score("done set", "Set to Done")).toBeGreaterThan(0);
    expect(score("set undone", "Set to Done")).toBe(0);
  });

  it("prefers beginnings of words", () => {
    expect(score("do", "Done")).toBeGreaterThan(score("do", "Set to Done"));
    expect(score("do", "Set to Done")).toBeGreaterThan(score("do", "Commando"));
  });

  it("looks past accents and case", () => {
    expect(score("jurgen", "Jürgen Schäfer")).toBeGreaterThan(0);
    expect(score("SCHÄ", "Jürgen Schafer")).toBeGreaterThan(0);
  });

  it("takes everything when nothing is asked", () => {
    expect(score("", "Anything")).toBeGreaterThan(0);
  });
});
