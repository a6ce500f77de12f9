import { describe, expect, it } from "vitest";
import { ago, briefTime, dayName, daysAgo } from "../src/live/times";

const now = new Date(2026, 2, 11, 15, 0, 0).getTime();
const minutes = (count: number) => new Date(now - count * 60_000).toISOString();
const brief = (count: number, tag = "en-GB") => briefTime(minutes(count), now, tag, "now");

describe("times in a list", () => {
  it("grow shorter words as they grow older", () => {
    expect(brief(0)).toBe("now");
    expect(brief(5)).toBe("5m");
    expect(brief(120)).toBe("13:00");
    expect(brief(20 * 60)).toBe("Yesterday");
    expect(brief(3 * 24 * 60)).toBe("Sun");
    expect(brief(30 * 24 * 60)).toBe("9 Feb");
    expect(brief(400 * 24 * 60)).toBe("04/02/2025");
  });

  it("speak the reader's language", () => {
    expect(brief(20 * 60, "de")).toBe("Gestern");
    expect(brief(3 * 24 * 60, "de")).toBe("So");
  });

  it("count midnights, not hours", () => {
    const early = new Date(2026, 2, 11, 0, 10).getTime();
    const late = new Date(2026, 2, 10, 23, 50).getTime();
    expect(daysAgo(late, early)).toBe(1);
    expect(daysAgo(early, early)).toBe(0);
  });

  it("take a clock that runs a little ahead as now", () => {
    expect(brief(-1)).toBe("now");
    expect(dayName(minutes(-1), now, "en")).toBe("Today");
  });
});

describe("days and durations", () => {
  it("name today, yesterday and older days", () => {
    expect(dayName(minutes(0), now, "en-GB")).toBe("Today");
    expect(dayName(minutes(24 * 60), now, "de")).toBe("Gestern");
    expect(dayName(minutes(3 * 24 * 60), now, "en-GB")).toMatch(/^Sunday,? 8 March$/);
    expect(dayName(minutes(400 * 24 * 60), now, "en-GB")).toMatch(/^Tuesday,? 4 February 2025$/);
  });

  it("say how long ago", () => {
    expect(ago(minutes(12), now, "en")).toBe("12 minutes ago");
    expect(ago(minutes(190), now, "de")).toBe("vor 3 Stunden");
    expect(ago(minutes(3 * 24 * 60), now, "en")).toBe("3 days ago");
  });
});
