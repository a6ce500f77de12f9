/** Figures in the reader's words. Days and hours are those of the report's time zone, not of the reader's. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "45 s", "2 min 5 s", "14 min", "1 h 12 min", "3 d 4 h": as exact as one cares for. Symbols are the same everywhere. */
export function duration(seconds: number | null, tag: string): string {
  if (seconds === null) return "–";
  const whole = Math.round(seconds);
  if (whole < MINUTE) return written([[whole, "s"]], tag);
  if (whole < 10 * MINUTE)
    return written(
      [
        [whole / MINUTE, "min"],
        [whole % MINUTE, "s"],
      ],
      tag,
    );
  if (whole < DAY) return hours(whole, tag);
  return written(
    [
      [whole / DAY, "d"],
      [(whole % DAY) / HOUR, "h"],
    ],
    tag,
  );
}

/** "84 h 12 min": for times of work, which nobody counts in days. */
export function hours(seconds: number, tag: string): string {
  const minutes = Math.floor(seconds / MINUTE);
  return written(
    minutes < 60
      ? [[minutes, "min"]]
      : [
          [minutes / 60, "h"],
          [minutes % 60, "min"],
        ],
    tag,
  );
}

/** Without what is nothing, unless nothing else is there. */
function written(parts: [number, string][], tag: string): string {
  return parts
    .map(([value, unit]): [number, string] => [Math.floor(value), unit])
    .filter(([value], at) => at === 0 || value > 0)
    .map(([value, unit]) => `${value.toLocaleString(tag)}\u00a0${unit}`)
    .join(" ");
}

export type Unit = "hour" | "day" | "week" | "month";

/** Below a plot: "14:00", "12 Mar", "Mar 2026". */
export function partName(begins: string, unit: Unit, zone: string, tag: string): string {
  const options: Record<Unit, Intl.DateTimeFormatOptions> = {
    hour: { hour: "2-digit", minute: "2-digit" },
    day: { day: "numeric", month: "short" },
    week: { day: "numeric", month: "short" },
    month: { month: "short", year: "numeric" },
  };
  return format(begins, zone, tag, options[unit]);
}

/** In full: "Thursday, 12 March 2026", with the hour where it is one. */
export function partInFull(begins: string, unit: Unit, zone: string, tag: string): string {
  if (unit === "month") return format(begins, zone, tag, { month: "long", year: "numeric" });
  if (unit === "hour")
    return format(begins, zone, tag, {
      weekday: "short",
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      timeZoneName: "short",
    });
  return format(begins, zone, tag, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

/** A moment in the zone of the report. */
export function moment(at: string | null, zone: string, tag: string): string {
  return at === null ? "–" : format(at, zone, tag, { dateStyle: "medium", timeStyle: "short" });
}

/** A day of the calendar, wherever one is. */
export function dayName(day: string, tag: string): string {
  return format(`${day}T00:00:00Z`, "UTC", tag, { dateStyle: "medium" });
}

function format(at: string, zone: string, tag: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(tag, { ...options, timeZone: zone }).format(Date.parse(at));
}
