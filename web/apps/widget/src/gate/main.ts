import type { ChannelLook } from "@alongside/contract";
import { watchPage } from "../loader/page";
import { mode, standing } from "../shared/gate";
import { showsOn } from "../shared/pages";

/** Whether the widget stays away; and how it looks by now. */
type Tell = (away: boolean, look: ChannelLook) => void;

// Looks again by the clock, whatever became of a timer while the machine slept.
const TICK_MS = 60_000;
// Who is online changes more often than what a channel says: that the loader reads again by itself.
const READ_PRESENCE_MS = 120_000;

let flag = "";
let look: ChannelLook;
let tell: Tell;
let ahead = 0;
let readAt = 0;
let said: boolean | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * From now on say whether the widget of `fresh` stays away from this page at this time; the last call counts. `known` is
 * the name under which the page remembers that there is a conversation: whoever has one keeps the way to its answers
 * outside of the hours, too.
 */
export function watch(known: string, fresh: ChannelLook, told: Tell): void {
  const first = !flag;
  flag = known;
  tell = told;
  take(fresh);
  if (!first) return;
  watchPage(decide);
  document.addEventListener("visibilitychange", decide);
}

function take(fresh: ChannelLook): void {
  look = fresh;
  readAt = Date.now();
  if (fresh.gate) ahead = Date.parse(fresh.gate.at) - readAt;
  said = undefined;
  decide();
}

function decide(): void {
  const { gate, availability } = look;
  const now = Date.now() + ahead;
  const away =
    !!gate &&
    (!showsOn(location.href, gate.show_on, gate.hide_on) ||
      (mode(gate, availability.online, now) === "hide" && !known()));
  const turnsAt = gate && standing(gate, now).turnsAt;
  clearTimeout(timer);
  timer = setTimeout(decide, Math.min(turnsAt ? Math.max(turnsAt - now, 0) : TICK_MS, TICK_MS));
  const old = Date.now() - readAt > READ_PRESENCE_MS;
  if (gate?.nobody === "hide" && old && document.visibilityState === "visible") void readAgain();
  if (away === said) return;
  said = away;
  tell(away, look);
}

function known(): boolean {
  try {
    return localStorage.getItem(flag) === "1";
  } catch {
    return false; // blocked storage
  }
}

async function readAgain(): Promise<void> {
  readAt = Date.now();
  const url = new URL(`/api/v1/widget/channels/${encodeURIComponent(look.key)}`, import.meta.url);
  const answer = await fetch(url, { credentials: "omit" }).catch(() => null);
  if (answer?.ok) take((await answer.json()) as ChannelLook);
}
