/** Days of the calendar, as YYYY-MM-DD. */

const DAY = /^\d{4}-\d{2}-\d{2}$/;

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

/** Whether it is a day of the calendar. */
export function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(Date.parse(text)) && shift(text, 0) === text;
}

/** The days of a named period that ends today. */
export function rangeOf(period: "today" | "7" | "30", today: string): { first: string; last: string } {
  const days = period === "today" ? 1 : Number(period);
  return { first: shift(today, 1 - days), last: today };
}
