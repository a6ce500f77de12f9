import type { Choices, Notifications, NotificationSettings, Ways } from "@alongside/contract";
import { attempt, call } from "../../live/api";

export const OCCASIONS = [
  "newConversation",
  "newMessage",
  "assigned",
  "waiting",
  "targetNear",
  "targetMissed",
  "mention",
] as const;
export type Occasion = (typeof OCCASIONS)[number];

export const WAYS = ["popup", "sound", "browser", "push", "mail"] as const;
export type Way = (typeof WAYS)[number];

const EVENTS: Record<Occasion, keyof Choices> = {
  newConversation: "new_conversation",
  newMessage: "new_message",
  assigned: "assigned",
  waiting: "waiting",
  targetNear: "sla_warning",
  targetMissed: "sla_breach",
  mention: "mention",
};
const KEY = "alongside.notifications";
const USUAL: Ways = { popup: true, sound: true, browser: false, push: true, mail: false };

interface Notify extends Omit<Notifications, "settings"> {
  settings: NotificationSettings;
  /** 0 to 1; of this browser alone. */
  volume: number;
  /** What the server holds is known. Until then what most people want holds. */
  loaded: boolean;
}

/** What makes itself known to this agent, by which ways, and how loud in this browser. */
export const notify: Notify = $state({
  settings: {
    choices: {
      new_conversation: USUAL,
      new_message: USUAL,
      assigned: USUAL,
      waiting: USUAL,
      mention: USUAL,
      sla_warning: USUAL,
      sla_breach: USUAL,
    },
    repeat_sound: false,
    when_offline: false,
    waiting_minutes: 5,
    digest_minutes: 15,
  },
  push_key: "",
  devices: [],
  mail_configured: false,
  push_text: false,
  volume: readVolume(),
  loaded: false,
});

export function wants(way: Way, occasion: Occasion): boolean {
  return notify.settings.choices[EVENTS[occasion]][way];
}

/** Counts changes when they begin and when they are answered: what is read meanwhile may not tell of them. */
let moves = 0;
let newest = 0;
let last: Promise<unknown> = Promise.resolve();

/** Throws HttpError, or TypeError without an answer. */
export async function readNotifications(): Promise<void> {
  const before = moves;
  const answer = await call<Notifications>("GET", "/me/notifications");
  if (before === moves || !notify.loaded) take(answer);
}

/** Change something, one after the other: each answer tells everything, and the last one holds. Throws as `call`. */
export async function change(ask: () => Promise<Notifications>): Promise<void> {
  const mine = ++newest;
  moves += 1;
  const asked = last.then(ask).finally(() => (moves += 1));
  last = asked.catch(() => undefined);
  const answer = await asked;
  if (mine === newest) take(answer);
}

function take(answer: Notifications): void {
  Object.assign(notify, answer, { loaded: true });
}

export async function choose(other: Partial<NotificationSettings>): Promise<void> {
  const before = $state.snapshot(notify.settings);
  const chosen = { ...before, ...other };
  notify.settings = chosen;
  const kept = await attempt(() => change(() => call<Notifications>("PUT", "/me/notifications", chosen)));
  if (!kept) notify.settings = before;
}

export function chooseWay(way: Way, occasion: Occasion, on: boolean): Promise<void> {
  const event = EVENTS[occasion];
  const choices = $state.snapshot(notify.settings.choices);
  return choose({ choices: { ...choices, [event]: { ...choices[event], [way]: on } } });
}

function readVolume(): number {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as { volume?: number };
    return kept.volume ?? 0.6;
  } catch {
    return 0.6;
  }
}

export function keepVolume(): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ volume: notify.volume }));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
