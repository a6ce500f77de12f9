/** Figures in the reader's words. Days and hours are those of the report's time zone, not of the reader's. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "45s", "2m 5s", "1h 12m", "3d 4h": the two largest units. */
export function duration(seconds: number | null, tag: string): string {
  if (seconds === null) return "–";
  const whole = Math.round(seconds);
  const parts: [number, string][] =
    whole < MINUTE
      ? [[whole, "second"]]
      : whole < HOUR
        ? [
            [Math.floor(whole / MINUTE), "minute"],
            [whole % MINUTE, "second"],
          ]
        : whole < DAY
          ? [
              [Math.floor(whole / HOUR), "hour"],
              [Math.floor((whole % HOUR) / MINUTE), "minute"],
            ]
          : [
              [Math.floor(whole / DAY), "day"],
              [Math.floor((whole % DAY) / HOUR), "hour"],
            ];
  return parts
    .filter(([value], at) => at === 0 || value > 0)
    .map(([value, unit]) => inUnit(value, unit, tag))
    .join(" ");
}

function inUnit(value: number, unit: string, tag: string): string {
  return new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "narrow" }).format(value);
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
