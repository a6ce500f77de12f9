import type { RowTarget } from "@alongside/contract";
import { describe, expect, it } from "vitest";
import { isShort, leftOf, span } from "../src/features/sla/left";

const DUE = Date.UTC(2026, 0, 1, 12);
const target: RowTarget = {
  kind: "first",
  due_at: new Date(DUE).toISOString(),
  warn_at: new Date(DUE - 120_000).toISOString(),
  left_seconds: null,
};

describe("what is left of a target", () => {
  it("runs, is near, is over, and stands still while Done", () => {
    expect(leftOf(target, DUE - 600_000)).toEqual({ urgency: "calm", seconds: 600 });
    expect(leftOf(target, DUE - 60_500)).toEqual({ urgency: "near", seconds: 60 });
    expect(leftOf(target, DUE)).toEqual({ urgency: "near", seconds: 0 });
    expect(leftOf(target, DUE + 180_000)).toEqual({ urgency: "over", seconds: 179 });
    const still = { ...target, due_at: null, warn_at: null, left_seconds: 90 };
    expect(leftOf(still, DUE)).toEqual({ urgency: "still", seconds: 90 });
  });

  it("is counted in seconds only where words change within seconds", () => {
    expect(isShort({ urgency: "calm", seconds: 119 })).toBe(true);
    expect(isShort({ urgency: "calm", seconds: 120 })).toBe(false);
  });

  it("is said in one unit, and never more than there is", () => {
    expect([59, 119, 7_199, 200_000].map((seconds) => span(seconds, "en"))).toEqual([
      "59 sec",
      "1 min",
      "1 hr",
      "2 days",
    ]);
    expect(span(720, "de")).toBe("12 Min.");
  });
});
