import type { Gate } from "@alongside/contract";
import { describe, expect, test } from "vitest";
import { mode, standing } from "../src/shared/gate";
import { doorTexts, when } from "../src/panel/doors/words";
import { Words } from "../src/panel/texts";

const gate: Gate = {
  at: "2026-11-27T12:00:00Z",
  open: true,
  changes: ["2026-11-27T17:00:00Z", "2026-11-30T09:00:00Z", "2026-11-30T17:00:00Z"],
  outside: "form",
  nobody: "hide",
  closed: {},
  by_mail: false,
  show_on: [],
  hide_on: [],
};
const at = (text: string) => Date.parse(text);

describe("standing", () => {
  test("turns at the very moment of each change", () => {
    expect(standing(gate, at("2026-11-27T16:59:59.999Z"))).toEqual({
      open: true,
      turnsAt: at("2026-11-27T17:00:00Z"),
    });
    expect(standing(gate, at("2026-11-27T17:00:00Z"))).toEqual({
      open: false,
      turnsAt: at("2026-11-30T09:00:00Z"),
    });
    expect(standing(gate, at("2026-11-30T09:00:00Z")).open).toBe(true);
  });

  test("after the last change nobody knows the next", () => {
    expect(standing(gate, at("2026-12-01T12:00:00Z"))).toEqual({ open: false, turnsAt: null });
  });
});

describe("mode", () => {
  test("what shows outside the hours, whoever is online; within them, while nobody is", () => {
    expect(mode(gate, true, at("2026-11-27T18:00:00Z"))).toBe("form");
    expect(mode(gate, false, at("2026-11-27T13:00:00Z"))).toBe("hide");
    expect(mode(gate, true, at("2026-11-27T13:00:00Z"))).toBe("open");
  });
});

describe("when", () => {
  const said = (language: string, opens: Date) =>
    when(doorTexts(new Words([language])), language, opens, new Date(2026, 10, 27, 18, 0));

  test("the day and the time by the reader's own clock", () => {
    expect(said("en", new Date(2026, 10, 27, 19, 0))).toMatch(/^today at 7:00\sPM$/);
    expect(said("en", new Date(2026, 10, 28, 9, 0))).toMatch(/^tomorrow at 9:00\sAM$/);
    expect(said("en", new Date(2026, 10, 30, 9, 0))).toMatch(/^on Monday at 9:00\sAM$/);
    expect(said("en", new Date(2026, 11, 7, 9, 0))).toMatch(/^on Monday, December 7 at 9:00\sAM$/);
    expect(said("de", new Date(2026, 10, 30, 9, 0))).toBe("am Montag um 9:00 Uhr");
    expect(said("fr", new Date(2026, 10, 28, 9, 0))).toContain("tomorrow at");
  });
});
