import type { Hours, OpenSpan, SpecialDay } from "@alongside/contract";

/** A clock field knows no 24:00: the end of the day is its midnight. */
export const shown = (clock: string): string => (clock === "24:00" ? "00:00" : clock);

/** What was typed as the end of a span. */
export const closing = (clock: string): string => (clock === "00:00" ? "24:00" : clock);

/** Does it end on the day after? */
export const overnight = ({ opens, closes }: OpenSpan): boolean => closes <= opens && closes !== "24:00";

/** A span after the last one of a day: the afternoon after a morning, the usual day where there is none. */
export function nextSpan(spans: readonly OpenSpan[]): OpenSpan {
  const last = spans.at(-1);
  if (!last) return { opens: "09:00", closes: "17:00" };
  const hour = Math.min(Number(last.closes.slice(0, 2)) + 1, 22);
  const clock = (at: number) => `${String(at).padStart(2, "0")}:00`;
  return { opens: clock(hour), closes: closing(clock((hour + 4) % 24 < hour ? 0 : hour + 4)) };
}

/** Minutes since midnight, cut at the end of the day: where a span stands in the picture of its day. */
export function place(span: OpenSpan): { from: number; to: number } {
  const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  return { from: minutes(span.opens), to: overnight(span) ? 1_440 : minutes(span.closes) };
}

/** Where the night of the day before reaches into a day. */
export function carriedOver(before: readonly OpenSpan[]): { from: number; to: number }[] {
  return before
    .filter(overnight)
    .map(({ closes }) => ({ from: 0, to: Number(closes.slice(0, 2)) * 60 + Number(closes.slice(3)) }))
    .filter(({ to }) => to > 0);
}

/** Holidays that were read, without those that stand there already. */
export function added(special: readonly SpecialDay[], read: readonly SpecialDay[]): SpecialDay[] {
  const key = ({ first, last, yearly }: SpecialDay) => `${first} ${last} ${yearly}`;
  const there = new Set(special.map(key));
  return [...special, ...read.filter((day) => !there.has(key(day)))];
}

/** A copy to be edited. */
export const copyOf = (hours: Hours): Hours => structuredClone(hours);
