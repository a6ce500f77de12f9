import { describe, expect, it } from "vitest";
import {
  BUILT_IN,
  dueState,
  EVERYTHING,
  fromView,
  parseQuestion,
  sameQuestion,
  toApi,
  today,
  toQuery,
  toView,
  type Question,
} from "../src/features/tickets/question";

const parse = (search: string) => parseQuestion(new URLSearchParams(search));
const FULL: Question = {
  status: ["open", "closed"],
  priority: ["urgent"],
  assignee: null,
  team: "team-1",
  label: "zip, blue",
  due: "week",
  search: "50% & more",
  sort: "due",
  reverse: true,
};

describe("the question to the list of tickets", () => {
  it("shows what is not finished unless it is asked for more", () => {
    expect(parse("")).toEqual(BUILT_IN.open);
    expect(parse("status=all")).toEqual(EVERYTHING);
    expect(parse("status=closed").status).toEqual(["closed"]);
  });

  it("survives the address, a saved view and what is not known", () => {
    for (const question of [FULL, ...Object.values(BUILT_IN)]) {
      expect(parseQuestion(toQuery(question))).toEqual(question);
      expect(fromView(toView(question))).toEqual(question);
    }
    expect(parse("status=done&priority=1&due=never&sort=title&reverse=yes")).toEqual(BUILT_IN.open);
    expect(fromView({ filter: {} })).toEqual(EVERYTHING);
  });

  it("has one address, whatever the order of words", () => {
    expect(sameQuestion(parse("status=pending&status=open"), BUILT_IN.open)).toBe(true);
    expect(sameQuestion(FULL, { ...FULL, reverse: false })).toBe(false);
    expect(toQuery(BUILT_IN.open).toString()).toBe("");
  });

  it("asks the server with the reader's day where a due date matters", () => {
    expect(toApi(FULL, "2026-11-27").toString()).toBe(
      "status=open&status=closed&priority=urgent&label=zip%2C+blue&due=week&search=50%25+%26+more" +
        "&team_id=team-1&today=2026-11-27",
    );
    expect(toApi(EVERYTHING, "2026-11-27").toString()).toBe("");
  });
});

describe("due dates", () => {
  it("are of the reader's calendar", () => {
    expect(today(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
  });

  it("are late only for what is not finished", () => {
    expect(dueState("2026-11-26", "open", "2026-11-27")).toBe("late");
    expect(dueState("2026-11-27", "pending", "2026-11-27")).toBe("today");
    expect(dueState("2026-11-28", "open", "2026-11-27")).toBe("later");
    expect(dueState("2026-11-26", "solved", "2026-11-27")).toBe("later");
    expect(dueState(null, "open", "2026-11-27")).toBeNull();
  });
});
