import type { CameBack } from "@alongside/contract";
import "./back.css";
import { words } from "./words";

/** Where the panel looks for its token on this origin, as in packages/client/src/visitor-session.ts. */
const keyOf = (channel: string) => `alongside-visitor:${channel}`;
/** Which conversation this tab is about: a reload goes on with it, though the secret left the address. */
const HERE = "alongside-continue";

const [tag, said] = words(navigator.languages);
const line = document.querySelector("p") as HTMLParagraphElement;
const button = document.querySelector("button") as HTMLButtonElement;

function say(text: string, label = "", act: () => void = () => undefined): void {
  line.textContent = text;
  button.textContent = label;
  button.hidden = !label;
  button.onclick = act;
}

async function begin(token: string): Promise<void> {
  say(said.opening);
  let answer: Response;
  try {
    answer = await fetch("/api/v1/widget/return", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token }),
    });
  } catch {
    return say(said.unreachable, said.again, () => void begin(token));
  }
  if (answer.status >= 500 || answer.status === 429) {
    return say(said.unreachable, said.again, () => void begin(token));
  }
  if (!answer.ok) return say(said.gone);
  const { channel, session } = (await answer.json()) as CameBack;
  try {
    const { token: secret, visitor } = session;
    localStorage.setItem(keyOf(channel), JSON.stringify({ token: secret, visitor, person: null }));
    sessionStorage.setItem(HERE, channel);
  } catch {
    return say(said.denied);
  }
  show(channel);
}

/** The widget as on any site; here it is what the page is for. */
function show(channel: string): void {
  const queue: unknown[][] = [["open"]];
  const page = window as { Alongside?: { (...call: unknown[]): void; q?: unknown[][] } };
  page.Alongside = Object.assign((...call: unknown[]) => void queue.push(call), { q: queue });
  const script = document.createElement("script");
  script.src = "/widget.js";
  script.dataset["channel"] = channel;
  document.body.append(script);
  say(said.opened, said.open, () => page.Alongside?.("open"));
}

function kept(): string | null {
  try {
    return sessionStorage.getItem(HERE);
  } catch {
    return null;
  }
}

document.documentElement.lang = tag;
document.title = said.title;
(document.querySelector("h1") as HTMLHeadingElement).textContent = said.title;
const token = location.hash.slice(1);
// Out of the address bar, the history and whatever is copied from them.
history.replaceState(null, "", location.pathname);
const channel = kept();
if (token) void begin(token);
else if (channel) show(channel);
else say(said.gone);
