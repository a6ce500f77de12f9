/** Times in the reader's words and zone. `at` is RFC 3339, `now` milliseconds, `tag` a BCP 47 language tag. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = tag + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(tag, options)));
  return found;
}

/** How many midnights lie between `at` and `now`: 0 today, 1 yesterday. */
export function daysAgo(at: number, now: number): number {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / (24 * HOUR));
}

/** For a line of a list: "now", "5m", "14:05", "yesterday", "Mon", "12 Mar", "12/03/2024". */
export function briefTime(at: string, now: number, tag: string, justNow: string): string {
  const time = Date.parse(at);
  const age = now - time;
  if (age < MINUTE) return justNow;
  if (age < HOUR) return minutes(Math.floor(age / MINUTE), tag);
  const days = daysAgo(time, now);
  if (days <= 0) return clockTime(at, tag);
  if (days === 1) return yesterday(tag);
  if (days < 7) return format(tag, { weekday: "short" }).format(time);
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return format(tag, sameYear ? { day: "numeric", month: "short" } : { dateStyle: "short" }).format(time);
}

export function clockTime(at: string, tag: string): string {
  return format(tag, { hour: "numeric", minute: "2-digit" }).format(Date.parse(at));
}

/** For tooltips and screen readers: nothing left out. */
export function fullTime(at: string, tag: string): string {
  return format(tag, { dateStyle: "full", timeStyle: "short" }).format(Date.parse(at));
}

/** The heading of a day in a conversation. */
export function dayName(at: string, now: number, tag: string): string {
  const time = Date.parse(at);
  const days = daysAgo(time, now);
  if (days <= 1)
    return sentence(
      new Intl.RelativeTimeFormat(tag, { numeric: "auto" }).format(-Math.max(0, days), "day"),
      tag,
    );
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  const year = sameYear ? {} : ({ year: "numeric" } as const);
  return format(tag, { weekday: "long", day: "numeric", month: "long", ...year }).format(time);
}

/** A date for histories: "12 Mar 2026". */
export function dateName(at: string, tag: string): string {
  return format(tag, { dateStyle: "medium" }).format(Date.parse(at));
}

/** A moment of histories: "12 Mar 2026, 14:05". */
export function momentName(at: string, tag: string): string {
  return format(tag, { dateStyle: "medium", timeStyle: "short" }).format(Date.parse(at));
}

/** How long ago, in words: "5 minutes ago". */
export function ago(at: string, now: number, tag: string): string {
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const age = Math.max(0, now - Date.parse(at));
  if (age < HOUR) return relative.format(-Math.floor(age / MINUTE), "minute");
  if (age < 24 * HOUR) return relative.format(-Math.floor(age / HOUR), "hour");
  return relative.format(-daysAgo(Date.parse(at), now), "day");
}

function minutes(count: number, tag: string): string {
  return new Intl.NumberFormat(tag, { style: "unit", unit: "minute", unitDisplay: "narrow" }).format(count);
}

function yesterday(tag: string): string {
  return sentence(new Intl.RelativeTimeFormat(tag, { numeric: "auto" }).format(-1, "day"), tag);
}

function sentence(words: string, tag: string): string {
  return words.charAt(0).toLocaleUpperCase(tag) + words.slice(1);
}
