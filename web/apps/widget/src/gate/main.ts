import type { ChannelLook } from "@alongside/contract";
import { watchPage } from "../loader/page";
import type { Lent, Rules } from "../rules/rules";
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
let lent: Lent;
/** The action rules at work, and their version. */
let rules: Promise<Rules | null> = Promise.resolve(null);
let ruled = "";
/** Hidden by a rule; and until the rules have been judged, too. */
let hidden = false;
const waiting = new Set<() => void>();

/**
 * From now on say whether the widget of `fresh` stays away from this page at this time; the last call counts. `known` is
 * the name under which the page remembers that there is a conversation: whoever has one keeps the way to its answers
 * outside of the hours, too. Action rules hide it as well; they act by what the loader lends.
 */
export function watch(known: string, fresh: ChannelLook, told: Tell, loader: Lent): void {
  const first = !flag;
  flag = known;
  tell = told;
  // A rule opens nothing on a page or at an hour where the chat is not to be seen.
  lent = { ...loader, open: () => void (said || loader.open()) };
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
  follow(fresh.gate?.rules ?? "");
  decide();
}

/** Let the rules of this version act, in place of those before. */
function follow(tag: string): void {
  if (tag === ruled) return;
  hidden ||= !ruled;
  ruled = tag;
  rules = import("../rules/rules")
    .then(({ run }) => run({ key: look.key, flag, tag }, lent, hide))
    .catch(() => null)
    .then((running) => {
      if (!running) hide(false); // whatever became of them: without rules the chat is there
      return running;
    });
}

function hide(now: boolean): void {
  hidden = now;
  decide();
}

function decide(): void {
  const { gate, availability } = look;
  const now = Date.now() + ahead;
  const away =
    !!gate &&
    (hidden ||
      !showsOn(location.href, gate.show_on, gate.hide_on) ||
      (mode(gate, availability.online, now) === "hide" && !known()));
  const turnsAt = gate && standing(gate, now).turnsAt;
  clearTimeout(timer);
  timer = setTimeout(decide, Math.min(turnsAt ? Math.max(turnsAt - now, 0) : TICK_MS, TICK_MS));
  const old = Date.now() - readAt > READ_PRESENCE_MS;
  if (gate?.nobody === "hide" && old && document.visibilityState === "visible") void readAgain();
  if (away === said) return;
  said = away;
  tell(away, look);
  for (const again of waiting) again();
}

type Callback = (...said: unknown[]) => void;

const act = (callback: unknown, ...said: unknown[]): void => {
  if (typeof callback === "function") setTimeout(() => (callback as Callback)(...said));
};

/** What page code asks of the rules, whether there are any or not. */
export async function more([name, first, second]: unknown[]): Promise<void> {
  const running = await rules;
  switch (name) {
    case "event":
      return running?.event(String(first));
    case "hasActionRuleMatched":
      return act(first, running?.titles ?? []);
    case "shouldShowWebchat":
      return act(said ? second : first);
    case "shouldShowWebchatInterval":
      return untilShown(first, second);
    default:
      console.warn(`Alongside: there is no "${String(name)}"; what there is stands in docs/embed.md.`);
  }
}

/** `no` at once where the chat is not shown, `yes` as soon as it is. */
function untilShown(yes: unknown, no: unknown): void {
  if (!said) return act(yes);
  act(no);
  const again = () => {
    if (said) return;
    waiting.delete(again);
    act(yes);
  };
  waiting.add(again);
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
