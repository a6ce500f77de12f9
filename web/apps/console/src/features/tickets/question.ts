/** Which tickets the list shows, as the address says it, as a saved view keeps it, and as the server is asked. */

import type { TicketDue, TicketPriority, TicketSort, TicketStatus } from "@alongside/contract";

export const STATUSES = ["open", "pending", "solved", "closed"] as const satisfies readonly TicketStatus[];
/** The most urgent first, as people look for them. */
export const PRIORITIES = ["urgent", "high", "normal", "low"] as const satisfies readonly TicketPriority[];
export const DUES = ["overdue", "today", "week", "none"] as const satisfies readonly TicketDue[];
export const SORTS = ["updated", "number", "due", "priority"] as const satisfies readonly TicketSort[];
/** What is not finished: what the list shows unless it is asked for something else. */
export const UNFINISHED: readonly TicketStatus[] = ["open", "pending"];

export interface Question {
  /** Empty for all. */
  status: readonly TicketStatus[];
  priority: readonly TicketPriority[];
  /** "me", "nobody", an agent's id, or null for all. */
  assignee: string | null;
  team: string | null;
  label: string | null;
  due: TicketDue | null;
  search: string;
  sort: TicketSort;
  reverse: boolean;
}

export const EVERYTHING: Question = {
  status: [],
  priority: [],
  assignee: null,
  team: null,
  label: null,
  due: null,
  search: "",
  sort: "updated",
  reverse: false,
};

/** The views that everybody has, in order. */
export const BUILT_IN = {
  open: { ...EVERYTHING, status: UNFINISHED },
  mine: { ...EVERYTHING, status: UNFINISHED, assignee: "me" },
  nobody: { ...EVERYTHING, status: UNFINISHED, assignee: "nobody" },
  overdue: { ...EVERYTHING, status: UNFINISHED, due: "overdue", sort: "due" },
  all: EVERYTHING,
} as const satisfies Record<string, Question>;
export type BuiltIn = keyof typeof BUILT_IN;

const ALL = "all";

export function parseQuestion(query: URLSearchParams): Question {
  const status = known(STATUSES, query.getAll("status"));
  return {
    status: status.length > 0 || query.get("status") === ALL ? status : UNFINISHED,
    priority: known(PRIORITIES, query.getAll("priority")),
    assignee: query.get("assignee") || null,
    team: query.get("team") || null,
    label: query.get("label") || null,
    due: known(DUES, query.getAll("due"))[0] ?? null,
    search: query.get("search") ?? "",
    sort: known(SORTS, query.getAll("sort"))[0] ?? "updated",
    reverse: query.get("reverse") === "1",
  };
}

/** The address, as short as it can be; the same question has always the same. */
export function toQuery(question: Question): URLSearchParams {
  const query = filters(question);
  if (question.status.length === 0) query.set("status", ALL);
  if (same(question.status, UNFINISHED)) query.delete("status");
  if (question.team) query.set("team", question.team);
  if (question.sort !== "updated") query.set("sort", question.sort);
  if (question.reverse) query.set("reverse", "1");
  return query;
}

/** Below `/tickets` or `/tickets/export`. `today` is the reader's day, YYYY-MM-DD. */
export function toApi(question: Question, today: string): URLSearchParams {
  const query = filters(question);
  if (question.team) query.set("team_id", question.team);
  if (question.due) query.set("today", today);
  return query;
}

/** As a saved view keeps it. */
export function toView(question: Question) {
  const { status, priority, assignee, team, label, due, search, sort, reverse } = question;
  const lists = { status: [...status], priority: [...priority] };
  return { filter: { ...lists, assignee, team_id: team, label, due, search }, sort, reverse };
}

/** What a saved view asks; fields that the server left out have their default. */
export function fromView(view: {
  filter: {
    status?: TicketStatus[];
    priority?: TicketPriority[];
    assignee?: string | null;
    team_id?: string | null;
    label?: string | null;
    due?: TicketDue | null;
    search?: string;
  };
  sort?: TicketSort;
  reverse?: boolean;
}): Question {
  const { status, priority, assignee, team_id, label, due, search } = view.filter;
  return {
    status: known(STATUSES, status ?? []),
    priority: known(PRIORITIES, priority ?? []),
    assignee: assignee ?? null,
    team: team_id ?? null,
    label: label ?? null,
    due: due ?? null,
    search: search ?? "",
    sort: view.sort ?? "updated",
    reverse: view.reverse ?? false,
  };
}

export function sameQuestion(one: Question, other: Question): boolean {
  return toQuery(one).toString() === toQuery(other).toString();
}

/** The reader's day: a date of their calendar, not of UTC. */
export function today(now: Date = new Date()): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** How a due date stands to the reader's day, for the eye. Finished tickets are never late. */
export function dueState(
  due: string | null,
  status: TicketStatus,
  day: string,
): "late" | "today" | "later" | null {
  if (due === null) return null;
  if (!UNFINISHED.includes(status)) return "later";
  return due < day ? "late" : due === day ? "today" : "later";
}

function filters({ status, priority, assignee, label, due, search }: Question): URLSearchParams {
  const query = new URLSearchParams();
  for (const one of STATUSES) if (status.includes(one)) query.append("status", one);
  for (const one of PRIORITIES) if (priority.includes(one)) query.append("priority", one);
  if (assignee) query.set("assignee", assignee);
  if (label) query.set("label", label);
  if (due) query.set("due", due);
  if (search) query.set("search", search);
  return query;
}

function known<Word extends string>(words: readonly Word[], given: readonly string[]): Word[] {
  return words.filter((word) => given.includes(word));
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word) => other.includes(word));
}
