/** What a report is asked for, as the address says it. */

export const PERIODS = ["today", "7", "30", "custom"] as const;
export type PeriodChoice = (typeof PERIODS)[number];
export const STATUSES = ["unread", "unresolved", "done"] as const;
export type Status = (typeof STATUSES)[number];

export interface Question {
  period: PeriodChoice;
  /** Days as YYYY-MM-DD, both included; kept only where the period is a custom one. */
  first: string;
  last: string;
  status: Status | null;
  channel: string | null;
  agent: string | null;
  team: string | null;
  label: string | null;
}

export const SECTIONS = ["overview", "episodes", "gathered", "times", "files"] as const;
export type Section = (typeof SECTIONS)[number];

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ID = /^[0-9a-f-]{36}$/i;

/** The day it is now in a time zone. */
export function todayIn(zone: string, now: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(now);
}

/** A day some days later, by the calendar. */
export function shift(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export function parseQuestion(query: URLSearchParams, today: string): Question {
  const wanted = PERIODS.find((one) => one === query.get("period")) ?? "30";
  const [first, last] = [query.get("first") ?? "", query.get("last") ?? ""];
  const period = wanted === "custom" && !(isDay(first) && isDay(last)) ? "30" : wanted;
  const id = (name: string) => (ID.test(query.get(name) ?? "") ? query.get(name) : null);
  return {
    period,
    ...(period === "custom" ? { first, last } : rangeOf(period, today)),
    status: STATUSES.find((one) => one === query.get("status")) ?? null,
    channel: id("channel"),
    agent: id("agent"),
    team: id("team"),
    label: id("label"),
  };
}

/** The days of a named period that ends today. */
export function rangeOf(
  period: Exclude<PeriodChoice, "custom">,
  today: string,
): { first: string; last: string } {
  const days = period === "today" ? 1 : Number(period);
  return { first: shift(today, 1 - days), last: today };
}

/** As the address keeps it: a named period moves on with the days, a custom one stays. */
export function toQuery(question: Question): URLSearchParams {
  const query = new URLSearchParams();
  if (question.period !== "30") query.set("period", question.period);
  if (question.period === "custom") {
    query.set("first", question.first);
    query.set("last", question.last);
  }
  return addFilters(query, question);
}

/** As the API asks it. */
export function toApi(question: Question): URLSearchParams {
  return addFilters(new URLSearchParams({ first: question.first, last: question.last }), question);
}

function addFilters(query: URLSearchParams, question: Question): URLSearchParams {
  for (const name of ["status", "channel", "agent", "team", "label"] as const) {
    const value = question[name];
    if (value) query.set(name, value);
  }
  return query;
}

/** Whether it is a day of the calendar. */
export function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(Date.parse(text)) && shift(text, 0) === text;
}

/** The address of a section with its question. */
export function pathOf(section: Section, question: Question): string {
  const query = toQuery(question);
  return `/reports${section === "overview" ? "" : `/${section}`}${query.size > 0 ? `?${query}` : ""}`;
}
