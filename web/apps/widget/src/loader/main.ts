import type { ChannelLook } from "@alongside/contract";
import { launch } from "./launcher";
import { takeQueue } from "./queue";

/** Waits between tries to reach a server that is down while the page loads, in milliseconds. */
const TRY_AGAIN_AFTER = [5_000, 30_000, 120_000];

/** How long the look of a channel is believed, in milliseconds. An open panel is told of changes by its socket. */
const FRESH_MS = 10_000;
/** How often a page in front looks by itself: a button without a chat has no socket that would tell it. */
const AGAIN_MS = 300_000;

const warn = (text: string): void => console.warn(`Alongside: ${text}`);

function begin(): void {
  const script =
    (document.currentScript as HTMLScriptElement | null) ??
    document.querySelector<HTMLScriptElement>("script[data-channel][src*='widget.js']");
  const key = script?.dataset["channel"];
  if (!script || !key) {
    return warn('the script tag needs data-channel="KEY".');
  }
  const queue = takeQueue(warn);
  if (!queue) return warn("the widget is on this page already.");
  const { origin } = new URL(script.src);
  const paint = (look: ChannelLook) =>
    attempt(() => {
      const launched = launch(origin, key, look, { emit: queue.emit, warn });
      let read = Date.now();
      /** How it looks may have been changed while nobody looked. */
      const again = () => {
        if (document.hidden || Date.now() - read < FRESH_MS) return;
        read = Date.now();
        void readLook(origin, key, 9).then((now) => now !== undefined && launched.look(now));
      };
      document.addEventListener("visibilitychange", again);
      queue.on("open", again);
      setInterval(again, AGAIN_MS);
      queue.serve(launched);
    });
  void readLook(origin, key, 0).then((look) => {
    if (!look) return;
    if (document.body) paint(look);
    else document.addEventListener("DOMContentLoaded", () => paint(look));
  });
}

/** Null where the channel is not for this page (any more), undefined where nobody says so. */
async function readLook(origin: string, key: string, tries: number): Promise<ChannelLook | null | undefined> {
  let answer: Response | undefined;
  try {
    answer = await fetch(`${origin}/api/v1/widget/channels/${encodeURIComponent(key)}`, {
      credentials: "omit",
    });
    if (answer.ok) return (await answer.json()) as ChannelLook;
  } catch {
    // No answer: told below.
  }
  if (answer && answer.status < 500) {
    // The server's own words are for who built the page: a wrong key, a site that is not allowed.
    const said = (await answer.json().catch(() => ({}))) as { message?: string };
    warn(`channel "${key}": ${said.message ?? answer.status}`);
    return answer.status === 429 ? undefined : null;
  }
  if (!tries) {
    warn(`no answer from ${origin}; is it running, and in connect-src of the page's CSP?`);
  }
  const wait = TRY_AGAIN_AFTER[tries];
  if (!wait) return undefined;
  await new Promise((resolve) => setTimeout(resolve, wait));
  return readLook(origin, key, tries + 1);
}

/** Nothing of ours may be thrown into the page. */
function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    warn(`could not start: ${String(error)}`);
  }
}

attempt(begin);
