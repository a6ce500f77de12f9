/** What a report is asked for, as the address says it. */

import type { ReportFilter } from "@alongside/contract";
import { isDay, rangeOf } from "../../shell/days";

export const PERIODS = ["today", "7", "30", "custom"] as const;
export type PeriodChoice = (typeof PERIODS)[number];
export const STATUSES = ["unread", "unresolved", "done"] as const;
export type Status = (typeof STATUSES)[number];
export const HAVING = ["first_response", "waiting", "handling", "resolution", "rating"] as const;
export type Having = (typeof HAVING)[number];
/** The question without its period: all of it that narrows. */
export const UNFILTERED = {
  status: null,
  channel: null,
  agent: null,
  team: null,
  label: null,
  country: null,
  rating: null,
  having: null,
  since: null,
  until: null,
};

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
  /** Two letters. */
  country: string | null;
  /** From 1 to 5. */
  rating: string | null;
  /** Only those that have this figure. */
  having: Having | null;
  /** Opened at one moment or later, and before another: an hour of a plot. */
  since: string | null;
  until: string | null;
}

export const SECTIONS = ["overview", "episodes", "gathered", "times", "files", "scheduled"] as const;
export type Section = (typeof SECTIONS)[number];

const COUNTRY = /^[A-Z]{2}$/;
const RATING = /^[1-5]$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T[\d:.]{5,15}(Z|[+-]\d{2}:\d{2})$/;
const ID = /^[0-9a-f-]{36}$/i;

export function parseQuestion(query: URLSearchParams, today: string): Question {
  const wanted = PERIODS.find((one) => one === query.get("period")) ?? "30";
  const [first, last] = [query.get("first") ?? "", query.get("last") ?? ""];
  const period = wanted === "custom" && !(isDay(first) && isDay(last)) ? "30" : wanted;
  const moment = (name: string) => (MOMENT.test(query.get(name) ?? "") ? query.get(name) : null);
  const id = (name: string) => (ID.test(query.get(name) ?? "") ? query.get(name) : null);
  return {
    period,
    ...(period === "custom" ? { first, last } : rangeOf(period, today)),
    status: STATUSES.find((one) => one === query.get("status")) ?? null,
    channel: id("channel"),
    agent: id("agent"),
    team: id("team"),
    label: id("label"),
    country: COUNTRY.test(query.get("country") ?? "") ? query.get("country") : null,
    rating: RATING.test(query.get("rating") ?? "") ? query.get("rating") : null,
    having: HAVING.find((one) => one === query.get("having")) ?? null,
    since: moment("since"),
    until: moment("until"),
  };
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
  for (const name of [
    "status",
    "channel",
    "agent",
    "team",
    "label",
    "country",
    "having",
    "since",
    "until",
  ] as const) {
    const value = question[name];
    if (value) query.set(name, value);
  }
  return query;
}

/** The address of a section with its question. */
export function pathOf(section: Section, question: Question): string {
  const query = toQuery(question);
  return `/reports${section === "overview" ? "" : `/${section}`}${query.size > 0 ? `?${query}` : ""}`;
}

/** What narrows a question, as a body asks it. */
export function filterOf(question: Question): ReportFilter {
  const { status, channel, agent, team, label, country, rating, having, since, until } = question;
  return {
    status,
    channel_id: channel,
    agent_id: agent,
    team_id: team,
    label_id: label,
    country,
    rating: rating === null ? null : Number(rating),
    having,
    since,
    until,
  };
}

/** Nothing that narrows. */
export const UNASKED: ReportFilter = {
  status: null,
  channel_id: null,
  agent_id: null,
  team_id: null,
  label_id: null,
  country: null,
  rating: null,
  having: null,
  since: null,
  until: null,
};
