import type { OpeningHours, Outlook } from "@alongside/contract";
import { region, t } from "../../i18n/index.svelte";
import { call } from "../../live/api";
import { Known } from "../../live/known.svelte";

export const hours = new Known(() => call<OpeningHours[]>("GET", "/opening-hours"));

/** "Open now, until 17:00" or "Closed now, opens on Monday at 09:00", by the clock of their own zone. */
export function standing(outlook: Outlook, zone: string, now: Date = new Date()): string {
  if (!outlook.changes_at) return t(outlook.open ? "hours.always" : "hours.never");
  const at = new Date(outlook.changes_at);
  const day = (moment: Date) => moment.toLocaleDateString("en-CA", { timeZone: zone });
  const time = at.toLocaleTimeString(region(), { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  const weekday = at.toLocaleDateString(region(), { timeZone: zone, weekday: "long" });
  const date = at.toLocaleDateString(region(), {
    timeZone: zone,
    weekday: "long",
    day: "numeric",
    month: "long",
  });
  const days = (Date.parse(day(at)) - Date.parse(day(now))) / 86_400_000;
  const when = days === 0 ? "today" : days < 7 ? "week" : "later";
  const place = { time, day: when === "later" ? date : weekday };
  if (outlook.open) return t(when === "today" ? "hours.openToday" : "hours.openUntil", place);
  return t(when === "today" ? "hours.closedToday" : "hours.closedUntil", place);
}
