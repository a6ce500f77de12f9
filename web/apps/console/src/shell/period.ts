import { isDay, rangeOf } from "./days";

/** Days from one to another, both included, as an address keeps them: "2026-11-01..2026-11-27". */
export function writePeriod(first: string, last: string): string {
  return `${first}..${last}`;
}

/** What an address says, or null where it says nothing that can be shown. */
export function readPeriod(text: string | null): string | null {
  const { first, last } = daysOf(text);
  return isDay(first) && isDay(last) && first <= last ? text : null;
}

export function daysOf(period: string | null): { first: string; last: string } {
  const [first = "", last = "", ...more] = period?.split("..") ?? [];
  return more.length > 0 ? { first: "", last: "" } : { first, last };
}

/** "27 Nov 2026", "1 – 27 Nov 2026": as short as the language has it. */
export function periodName(
  period: string,
  tag: string,
  how: Intl.DateTimeFormatOptions = { dateStyle: "medium" },
): string {
  const { first, last } = daysOf(period);
  const format = new Intl.DateTimeFormat(tag, { ...how, timeZone: "UTC" });
  return format.formatRange(Date.parse(first), Date.parse(last));
}

/** The periods that are offered: the days that end today. */
export const OFFERED = ["today", "7", "30"] as const;

export function offered(today: string): { name: (typeof OFFERED)[number]; period: string }[] {
  return OFFERED.map((name) => {
    const { first, last } = rangeOf(name, today);
    return { name, period: writePeriod(first, last) };
  });
}
