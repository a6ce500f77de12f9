import type { Watchdog } from "@alongside/contract";
import { toast } from "@alongside/ui";
import { t } from "../../i18n/index.svelte";
import { call } from "../../live/api";
import { client } from "../../live/client.svelte";
import { Known } from "../../live/known.svelte";

/** All watchdogs and how they stand. */
export const watchdogs = new Known(() => call<Watchdog[]>("GET", "/watchdogs"));

export const KINDS = ["nobody_online", "queue_longer", "waits_longer", "widget_unseen"] as const;

/** From, to, and where a new one begins. The server has the last word (alongside/domains/watchdogs/logic.py). */
export const THRESHOLDS: Record<Watchdog["kind"], [number, number, number]> = {
  nobody_online: [0, 240, 5],
  queue_longer: [0, 1000, 10],
  waits_longer: [1, 1440, 15],
  widget_unseen: [1, 720, 24],
};

/** Whoever is named by a watchdog hears it wherever in the console they are; the all-clear takes the alarm's place. */
export function hearAlarms(): void {
  client().on("alarm", ({ name, over }) =>
    toast(
      t(over ? "watchdogs.toastOver" : "watchdogs.toast", { name }),
      over ? "info" : "bad",
      undefined,
      `watchdog:${name}`,
    ),
  );
}
