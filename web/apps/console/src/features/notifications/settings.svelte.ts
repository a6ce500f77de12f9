import type { Choices, Notifications, NotificationSettings, Ways } from "@alongside/contract";
import { attempt, call } from "../../live/api";

export const OCCASIONS = ["newConversation", "newMessage", "assigned", "waiting", "mention"] as const;
export type Occasion = (typeof OCCASIONS)[number];

export const WAYS = ["popup", "sound", "browser", "push", "mail"] as const;
export type Way = (typeof WAYS)[number];

const EVENTS: Record<Occasion, keyof Choices> = {
  newConversation: "new_conversation",
  newMessage: "new_message",
  assigned: "assigned",
  waiting: "waiting",
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
    choices: { new_conversation: USUAL, new_message: USUAL, assigned: USUAL, waiting: USUAL, mention: USUAL },
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

/** Throws HttpError, or TypeError without an answer. */
export async function readNotifications(): Promise<void> {
  take(await call<Notifications>("GET", "/me/notifications"));
}

export function take(answer: Notifications): void {
  Object.assign(notify, answer, { loaded: true });
}

export async function choose(change: Partial<NotificationSettings>): Promise<void> {
  const before = $state.snapshot(notify.settings);
  notify.settings = { ...before, ...change };
  const kept = await attempt(async () =>
    take(await call<Notifications>("PUT", "/me/notifications", $state.snapshot(notify.settings))),
  );
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
