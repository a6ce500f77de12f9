import type { RowTarget } from "@alongside/contract";

/** How a target stands: its time runs, is nearly up, is up, or stands still. */
export type Urgency = "calm" | "near" | "over" | "still";

export interface Left {
  urgency: Urgency;
  /** Whole seconds that are left, or have been over. */
  seconds: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What is left of a target at a moment (milliseconds). */
export function leftOf(target: RowTarget, now: number): Left {
  if (!target.due_at) return { urgency: "still", seconds: target.left_seconds ?? 0 };
  const left = Math.floor((Date.parse(target.due_at) - now) / 1000);
  if (left < 0) return { urgency: "over", seconds: -left - 1 };
  const near = target.warn_at !== null && now >= Date.parse(target.warn_at);
  return { urgency: near ? "near" : "calm", seconds: left };
}

/** Whether these words are other ones within seconds. */
export function isShort({ seconds }: Left): boolean {
  return seconds < 2 * MINUTE;
}

/** "45 sec", "12 min", "3 hr", "2 days": never more than there is. `tag` is a BCP 47 language tag. */
export function span(seconds: number, tag: string): string {
  if (seconds < MINUTE) return unit(seconds, "second", tag);
  if (seconds < HOUR) return unit(Math.floor(seconds / MINUTE), "minute", tag);
  if (seconds < DAY) return unit(Math.floor(seconds / HOUR), "hour", tag);
  return unit(Math.floor(seconds / DAY), "day", tag);
}

function unit(count: number, name: string, tag: string): string {
  return new Intl.NumberFormat(tag, { style: "unit", unit: name, unitDisplay: "short" }).format(count);
}
