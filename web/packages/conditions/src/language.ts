/** What every kind of condition is, and how texts and numbers are compared. */
import type {
  ConditionGroup,
  ConditionNode,
  Facts,
  NumberCompare,
  Place,
  TextCompare,
} from "@alongside/contract";

export type Condition = Exclude<ConditionNode, ConditionGroup>;
export type Kind = Condition["kind"];

/** Whether a pattern is found in a text; null for a pattern that cannot be read. */
export type Search = (pattern: string, text: string) => boolean | null;

export interface Judge<One> {
  /** Where it can be known. */
  places: readonly Place[];
  /** Whether it holds by these facts, `negate` aside; null where they do not tell. */
  holds: (condition: One, facts: Facts, search: Search | undefined) => boolean | null;
}

export const BOTH: readonly Place[] = ["browser", "server"];
export const BROWSER: readonly Place[] = ["browser"];
export const SERVER: readonly Place[] = ["server"];

/** What is not there is not known. */
export function known<Value, Answer>(
  value: Value | null | undefined,
  answer: (value: Value) => Answer,
): Answer | null {
  return value === null || value === undefined ? null : answer(value);
}

/** Whether `found` is as wanted, whatever the case of its letters. A bad pattern holds nowhere. */
export function compareTexts(
  { compare, value }: { compare: TextCompare; value: string },
  found: string | null | undefined,
  search: Search | undefined,
): boolean | null {
  if (found === null || found === undefined) return null;
  if (compare === "pattern") return search ? (search(value, found) ?? false) : null;
  const [text, wanted] = [found.toLowerCase(), value.toLowerCase()];
  if (compare === "equals") return text === wanted;
  return compare === "contains" ? text.includes(wanted) : text.startsWith(wanted);
}

/** Whether `found` is as wanted. */
export function compareNumbers(
  compare: NumberCompare,
  wanted: number,
  found: number | null | undefined,
): boolean | null {
  return known(found, (number) => {
    if (compare === "at_least") return number >= wanted;
    return compare === "at_most" ? number <= wanted : number === wanted;
  });
}

/** What a clock on the wall shows in a zone: minutes as "HH:MM", and the day of the week, 0 for Monday. */
export interface Local {
  minutes: string;
  weekday: number;
}

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/** A clock is slow to make and quick to read. */
const clocks = new Map<string, Intl.DateTimeFormat | null>();

/** The time in `zone`, or in the company's. Null where the time or the zone is not known. */
export function localTime(facts: Facts, zone: string): Local | null {
  const clock = clockIn(zone || facts.zone || "");
  const at = Date.parse(facts.at ?? "");
  if (!clock || Number.isNaN(at)) return null;
  const shown = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    minutes: `${shown["hour"]}:${shown["minute"]}`,
    weekday: DAYS.indexOf(shown["weekday"] ?? ""),
  };
}

function clockIn(timeZone: string): Intl.DateTimeFormat | null {
  let clock = clocks.get(timeZone);
  if (clock === undefined) clocks.set(timeZone, (clock = newClock(timeZone)));
  return clock;
}

function newClock(timeZone: string): Intl.DateTimeFormat | null {
  if (!timeZone) return null;
  try {
    const look = { hour: "2-digit", minute: "2-digit", weekday: "short", hourCycle: "h23" } as const;
    return new Intl.DateTimeFormat("en-US", { timeZone, ...look });
  } catch {
    return null; // no such zone
  }
}
