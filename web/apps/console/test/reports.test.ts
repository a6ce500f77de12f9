import { describe, expect, test } from "vitest";
import { named, runs, step, ticks, timeTicks } from "../src/features/reports/plot";
import { parseQuestion, pathOf, toApi } from "../src/features/reports/question";
import { duration, hours, partInFull, partName } from "../src/features/reports/words";
import { isDay, shift, todayIn } from "../src/shell/days";
import { offered, periodName, readPeriod } from "../src/shell/period";

const ID = "0b8f0d3e-3c56-4be4-9c4f-0d9b0c1f7a11";
const asked = (text: string) => parseQuestion(new URLSearchParams(text), "2026-11-27");

describe("what a report is asked for", () => {
  test("thirty days that end today, unless the address says otherwise", () => {
    expect(asked("")).toMatchObject({ period: "30", first: "2026-10-29", last: "2026-11-27", agent: null });
    expect(asked("period=today")).toMatchObject({ first: "2026-11-27", last: "2026-11-27" });
    expect(asked("period=7")).toMatchObject({ first: "2026-11-21", last: "2026-11-27" });
    const custom = asked(`period=custom&first=2026-01-01&last=2026-02-28&agent=${ID}&status=done`);
    expect(custom).toMatchObject({ first: "2026-01-01", last: "2026-02-28", agent: ID, status: "done" });
    expect(pathOf("episodes", custom)).toBe(
      `/reports/episodes?period=custom&first=2026-01-01&last=2026-02-28&status=done&agent=${ID}`,
    );
    expect(toApi(custom).toString()).toBe(`first=2026-01-01&last=2026-02-28&status=done&agent=${ID}`);
    expect(pathOf("overview", asked(""))).toBe("/reports");
  });

  test("what makes no sense falls away", () => {
    for (const text of ["period=custom", "period=custom&first=2026-02-30&last=2026-03-01", "period=90"])
      expect(asked(text).period).toBe("30");
    expect(asked("status=open&agent=me&team=1")).toMatchObject({ status: null, agent: null, team: null });
    expect(asked("having=luck&since=noon&until=2026")).toMatchObject({
      having: null,
      since: null,
      until: null,
    });
  });

  test("an hour and a figure lead to what they count", () => {
    const hour = "having=waiting&since=2026-11-27T09:00:00Z&until=2026-11-27T10:00:00Z";
    expect(toApi(asked(hour)).toString()).toContain(
      "having=waiting&since=2026-11-27T09%3A00%3A00Z&until=2026-11-27T10%3A00%3A00Z",
    );
    expect(
      parseQuestion(new URLSearchParams(pathOf("episodes", asked(hour)).split("?")[1]), "2026-11-27"),
    ).toEqual(asked(hour));
  });

  test("a period of the inbox", () => {
    expect(offered("2026-11-27").map(({ period }) => period)).toEqual([
      "2026-11-27..2026-11-27",
      "2026-11-21..2026-11-27",
      "2026-10-29..2026-11-27",
    ]);
    for (const text of [
      "2026-11-27",
      "..",
      "2026-11-28..2026-11-27",
      "2026-02-30..2026-03-01",
      "a..b..c",
      null,
    ])
      expect(readPeriod(text)).toBeNull();
    expect(readPeriod("2026-11-27..2026-11-27")).not.toBeNull();
    expect(periodName("2026-11-01..2026-11-27", "en")).toMatch(/Nov 1.*27, 2026/);
  });

  test("days are those of the calendar, and of a zone", () => {
    expect(shift("2026-03-01", -1)).toBe("2026-02-28");
    expect(shift("2028-02-28", 1)).toBe("2028-02-29");
    expect([isDay("2026-02-29"), isDay("2028-02-29"), isDay("tomorrow"), isDay("")]).toEqual([
      false,
      true,
      false,
      false,
    ]);
    const late = Date.parse("2026-11-27T23:30:00Z");
    expect(todayIn("Europe/Berlin", late)).toBe("2026-11-28");
    expect(todayIn("America/New_York", late)).toBe("2026-11-27");
  });
});

describe("plots", () => {
  test("marks are round, begin at nothing and reach the top", () => {
    expect(ticks(0)).toEqual([0, 1]);
    expect(ticks(3)).toEqual([0, 1, 2, 3]);
    expect(ticks(37)).toEqual([0, 10, 20, 30, 40]);
    expect(ticks(1_000)).toEqual([0, 500, 1_000]);
    expect(timeTicks(90)).toEqual([0, 30, 60, 90]);
    expect(timeTicks(7_000)).toEqual([0, 1_800, 3_600, 5_400, 7_200]);
    for (const most of [1, 7, 59, 61, 4_000, 90_000, 1_000_000]) {
      expect(ticks(most).at(-1)).toBeGreaterThanOrEqual(most);
      expect(timeTicks(most).at(-1)).toBeGreaterThanOrEqual(most);
      expect(timeTicks(most).length).toBeLessThanOrEqual(6);
    }
  });

  test("names do not crowd, lines break where nothing is known", () => {
    expect([...named(30, 8)]).toEqual([0, 4, 8, 12, 16, 20, 24, 28]);
    expect([...named(3, 0)]).toEqual([0]);
    expect(runs([1, 2, null, null, 3, null])).toEqual([[0, 1], [4]]);
    expect(runs([])).toEqual([]);
  });

  test("arrow keys lead along it, in the direction of reading", () => {
    expect([step("ArrowRight", 1, 3, false), step("ArrowRight", 1, 3, true)]).toEqual([2, 0]);
    expect([step("Home", 2, 3, false), step("End", 0, 3, false), step("ArrowLeft", 0, 3, false)]).toEqual([
      0, 2, 0,
    ]);
    expect(step("a", 0, 3, false)).toBeNull();
  });
});

describe("words", () => {
  test("durations in their two largest units", () => {
    const words = [0, 45.4, 125, 840, 899, 3_600, 4_320, 273_600].map((one) => duration(one, "en"));
    const expected = ["0 s", "45 s", "2 min 5 s", "14 min", "14 min", "1 h", "1 h 12 min", "3 d 4 h"];
    expect(words.map((one) => one.replaceAll("\u00a0", " "))).toEqual(expected);
    expect(hours(5_000_000, "de").replaceAll("\u00a0", " ")).toBe("1.388 h 53 min");
    expect(duration(null, "en")).toBe("–");
  });

  test("moments in the zone of the report, not of the reader", () => {
    expect(partName("2026-03-28T23:00:00Z", "day", "Europe/Berlin", "en-GB")).toBe("29 Mar");
    expect(partName("2026-03-29T01:00:00Z", "hour", "Europe/Berlin", "en-GB")).toBe("03:00");
    expect(partInFull("2026-02-28T23:00:00Z", "month", "Europe/Berlin", "en-GB")).toBe("March 2026");
  });
});
