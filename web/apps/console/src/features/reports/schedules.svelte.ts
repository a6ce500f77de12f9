import type { NewSchedule, ReportSchedule } from "@alongside/contract";
import { call } from "../../live/api";

export const SPANS = [
  "yesterday",
  "last_week",
  "last_month",
  "7_days",
  "30_days",
] as const satisfies readonly NewSchedule["span"][];
export const EVERY = ["day", "week", "month"] as const;
export const RESULTS = ["owner-gone", "owner-not-permitted", "nobody", "failed"] as const;

/** Monday is 1. */
export function weekdayName(day: number, tag: string): string {
  // 5 January 2026 was a Monday.
  return new Intl.DateTimeFormat(tag, { weekday: "long", timeZone: "UTC" }).format(
    Date.UTC(2026, 0, 4 + day),
  );
}

export function hourName(hour: number, tag: string): string {
  return new Intl.DateTimeFormat(tag, { hour: "2-digit", minute: "2-digit", timeZone: "UTC" }).format(
    Date.UTC(2026, 0, 5, hour),
  );
}

/** The reports that this agent has sent, or is sent. */
export class SchedulesView {
  list = $state.raw<readonly ReportSchedule[]>([]);
  loaded = $state(false);
  failed = $state.raw<unknown>(null);
  #turn = 0;

  async read(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const list = await call<ReportSchedule[]>("GET", "/reports/schedules");
      if (turn !== this.#turn) return;
      this.list = list;
      this.failed = null;
      this.loaded = true;
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    }
  }

  async pause(id: string, paused: boolean): Promise<void> {
    this.#took(await call<ReportSchedule>("PUT", `/reports/schedules/${id}/paused`, { paused }));
  }

  async run(id: string): Promise<ReportSchedule> {
    const told = await call<ReportSchedule>("POST", `/reports/schedules/${id}/run`);
    this.#took(told);
    return told;
  }

  async remove(id: string): Promise<void> {
    await call("DELETE", `/reports/schedules/${id}`);
    this.list = this.list.filter((one) => one.id !== id);
  }

  #took(told: ReportSchedule): void {
    this.list = this.list.map((one) => (one.id === told.id ? told : one));
  }
}
