import type { ChannelLook } from "@alongside/contract";
import { paint as paintAccent } from "../shared/colour";
import { inLanguage } from "../shared/language";
import type { ToPage, ToPanel } from "../shared/messages";
import { panelFrame } from "./frame";
import css from "./launcher.css?inline";
import { here, watchPage } from "./page";
import type { Commands, PageEvents } from "./queue";
import { language, languages, text } from "./texts";

const BUBBLE = "M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3 21l1.9-5.7A8.4 8.4 0 1 1 21 11.5Z";
const CROSS = "M6 6l12 12M18 6 6 18";

/** Where the panel covers the whole page, as in launcher.css. */
const SMALL = "(max-width: 480px), (max-height: 520px)";

type Kind = "localStorage" | "sessionStorage";

export interface Page {
  emit<Name extends keyof PageEvents>(name: Name, detail: PageEvents[Name]): void;
  warn(text: string): void;
}

/** Paint the button on the page; returns what the page can ask of it, and what tells it how it looks now. */
export function launch(
  origin: string,
  key: string,
  look: ChannelLook,
  { emit, warn }: Page,
): Commands & { look(now: ChannelLook | null): void } {
  const host = document.createElement("div");
  const root = document.createElement("div");
  const button = document.createElement("button");
  const badge = document.createElement("span");
  const label = document.createElement("b");
  const chat = icon("chat");
  const sheet = new CSSStyleSheet();
  const flag = `alongside:${key}`;
  const wasOpen = `${flag}:open`;
  let isOpen = false;
  let wantsFocus = false;
  let saidOpen = false;
  let unread = 0;
  let gone = false;
  let part: Promise<typeof import("../gate/main")> | undefined;
  /** Not on this page, or not at this time: decided by a part that only comes where a channel asks for it. */
  let gated = !!look.gate;
  let away = gated;
  const small = matchMedia(SMALL);

  const hello = (): ToPanel => ({
    type: "hello",
    look,
    page: here(),
    languages: languages(look),
    dir: root.dir === "rtl" ? "rtl" : "ltr",
    open: (saidOpen = isOpen),
    focus: wantsFocus,
  });

  const title = () => inLanguage(look.title, languages(look)) || say("chat");
  const say = (name: string) => text(look, name);

  const paint = () => {
    paintAccent(root, look);
    root.dir = getComputedStyle(document.documentElement).direction;
    root.lang = language(look);
    const own = look.button ?? {};
    sheet.replaceSync(css + (own.css ?? ""));
    draw(chat, own.icon ?? BUBBLE);
    label.textContent = inLanguage(own.label ?? {}, languages(look));
    const name = isOpen ? "close" : unread ? "unread" : "open";
    const count = unread > 9 ? "9+" : String(unread);
    button.ariaLabel = [label.textContent, say(name).replace("{n}", count)].filter(Boolean).join(": ");
    button.ariaExpanded = String(isOpen);
    badge.textContent = isOpen || !unread ? "" : count;
    root.className = `${look.position} ${isOpen ? "open" : "shut"}`;
    button.hidden = gone;
    root.hidden = (away || gone) && !isOpen;
    frame.cover(isOpen && small.matches);
  };

  const become = (open: boolean) => {
    isOpen = open;
    if (remembers(flag)) remember(wasOpen, open, "sessionStorage");
    paint();
    emit(open ? "open" : "close", undefined);
  };

  const openQuietly = () => {
    if (isOpen) return;
    host.hidden = false;
    frame.load();
    become(true);
    frame.tell({ type: "open" });
  };

  const open = () => {
    wantsFocus = true;
    openQuietly();
    frame.focus();
  };

  const close = () => {
    if (!isOpen) return;
    const focused = frame.focused();
    become(false);
    frame.tell({ type: "closed" });
    if (focused) button.focus();
  };

  const begin = () => {
    // Open on the page before: open here too, unless it would cover this one.
    if (remembers(wasOpen, "sessionStorage") && !small.matches) openQuietly();
  };

  /** Shown at once, or when the part that knows pages and hours says so. */
  const admit = () => {
    if (!(gated ||= !!look.gate)) return begin();
    later(({ watch }) =>
      watch(
        flag,
        look,
        (now, fresh) => {
          away = now;
          look = fresh;
          paint();
          if (!away) begin();
        },
        { frame, host, emit, open: openQuietly },
      ),
    );
  };

  /** One after the other: what page code asks comes after what tells whether the chat shows. */
  const later = (act: (part: typeof import("../gate/main")) => unknown) => {
    // eslint-disable-next-line no-unsanitized/method -- of the server that this script came from, whoever that is
    part ??= import(/* @vite-ignore */ `${origin}/widget/gate.js`);
    part.then(act).catch(warn);
  };

  const heard = (message: ToPage): void => {
    switch (message.type) {
      case "ready": // opened or closed since hello, when the panel could not hear it yet
        if (isOpen !== saidOpen) frame.tell({ type: isOpen ? "open" : "closed" });
        return;
      case "close":
        return close();
      case "unread":
        if (message.count === unread) return;
        unread = message.count;
        paint();
        return emit("unread", unread);
      case "message":
        return emit("message", { mine: message.mine, at: message.at });
      case "known":
        remember(flag, message.known);
        return remember(wasOpen, message.known && isOpen, "sessionStorage");
      case "look":
        return wear(message.look);
      case "gone":
        return wear(null);
      case "refused":
        return warn(message.message);
    }
  };

  /** Null where the channel is switched off. */
  const wear = (now: ChannelLook | null) => {
    gone = !now;
    look = now ?? look;
    paint();
    if (now) admit();
  };

  const frame = panelFrame(origin, key, root, say, { title, hello, heard });

  badge.className = "badge";
  badge.ariaHidden = "true";
  button.type = "button";
  const cross = icon("cross");
  draw(cross, CROSS);
  button.append(chat, label, cross, badge);
  button.onclick = () => (isOpen ? close() : open());
  button.onpointerenter = button.onfocus = frame.load;
  root.onkeydown = (event) => {
    if (event.key === "Escape") close(); // no value: false would forbid every other key
  };
  small.onchange = paint;
  root.append(button);
  paint();
  const shadow = host.attachShadow({ mode: "open" });
  // The page's Content-Security-Policy has no say in a sheet that is made by script.
  shadow.adoptedStyleSheets = [sheet];
  shadow.append(root);
  document.body.append(host);
  watchPage((page) => frame.tell({ type: "page", page }));
  if (remembers(flag)) whenIdle(frame.load);
  admit();

  return {
    open,
    close,
    more: (call) => later((part) => part.more(call)),
    show: () => void (host.hidden = false),
    look(now) {
      wear(now);
      if (now) frame.tell({ type: "look", look: now });
    },
    hide: () => (close(), void (host.hidden = true)),
    identify(identity) {
      frame.tellWhenReady({ type: "identify", identity });
      if ("token" in identity) whenIdle(frame.load); // there may be unread answers for this person
    },
    reset() {
      frame.forget("identify");
      if (!frame.loaded() && !remembers(flag)) return;
      frame.tellWhenReady({ type: "reset" });
      frame.load();
    },
  };
}

function icon(name: string): Element {
  const make = (tag: string) => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const svg = make("svg");
  svg.append(make("path"));
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", name);
  return svg;
}

const draw = (svg: Element, path: string) => svg.firstElementChild?.setAttribute("d", path);

/** This page only remembers whether there is a conversation; who the visitor is stays in the frame's own storage. */
function remembers(flag: string, storage: Kind = "localStorage"): boolean {
  try {
    return window[storage].getItem(flag) === "1";
  } catch {
    return false; // blocked storage: the panel loads on the first hover instead
  }
}

function remember(flag: string, known: boolean, storage: Kind = "localStorage"): void {
  try {
    window[storage][known ? "setItem" : "removeItem"](flag, "1");
  } catch {
    // As above.
  }
}

function whenIdle(act: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(act, { timeout: 3_000 });
  else setTimeout(act, 1_000);
}
