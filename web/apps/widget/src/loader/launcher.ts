import type { ChannelLook } from "@alongside/contract";
import { foregroundOn, sound } from "../shared/colour";
import { inLanguage } from "../shared/language";
import type { ToPage, ToPanel } from "../shared/messages";
import { panelFrame } from "./frame";
import css from "./launcher.css?inline";
import { here, watchPage } from "./page";
import type { Commands, PageEvents } from "./queue";
import { language, languages, type Texts } from "./texts";

const BUBBLE = "M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3 21l1.9-5.7A8.4 8.4 0 1 1 21 11.5Z";
const CROSS = "M6 6l12 12M18 6 6 18";

/** Where the panel covers the whole page, as in launcher.css. */
const SMALL = "(max-width: 480px), (max-height: 520px)";

type Kind = "localStorage" | "sessionStorage";

export interface Page {
  texts: Texts;
  emit<Name extends keyof PageEvents>(name: Name, detail: PageEvents[Name]): void;
  warn(text: string): void;
}

/** Paint the button on the page; returns what the page can ask of it. */
export function launch(
  origin: string,
  key: string,
  look: ChannelLook,
  { texts, emit, warn }: Page,
): Commands {
  const host = document.createElement("div");
  const root = document.createElement("div");
  const button = document.createElement("button");
  const badge = document.createElement("span");
  const flag = `alongside:${key}`;
  const wasOpen = `${flag}:open`;
  let isOpen = false;
  let wantsFocus = false;
  let saidOpen = false;
  let unread = 0;
  let gone = false;
  /** Not on this page, or not at this time: decided by a part that only comes where a channel asks for it. */
  let gated = !!look.gate;
  let away = gated;
  const small = matchMedia(SMALL);

  const hello = (): ToPanel => ({
    type: "hello",
    look,
    page: here(),
    languages: languages(),
    dir: root.dir === "rtl" ? "rtl" : "ltr",
    open: (saidOpen = isOpen),
    focus: wantsFocus,
  });

  const title = () => inLanguage(look.title, languages()) || texts("chat");

  const paint = () => {
    const accent = sound(look.accent);
    root.style.setProperty("--accent", accent);
    root.style.setProperty("--on-accent", foregroundOn(accent));
    root.dir = getComputedStyle(document.documentElement).direction;
    root.lang = language();
    const name = isOpen ? "close" : unread ? "unread" : "open";
    const count = unread > 9 ? "9+" : String(unread);
    button.ariaLabel = texts(name).replace("{n}", count);
    button.ariaExpanded = String(isOpen);
    badge.textContent = isOpen || !unread ? "" : count;
    root.className = `${look.position} ${isOpen ? "open" : "shut"}`;
    button.hidden = gone;
    if (gone && !isOpen) host.hidden = true;
    root.hidden = away && !isOpen;
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
    // eslint-disable-next-line no-unsanitized/method -- of the server that this script came from, whoever that is
    import(/* @vite-ignore */ `${origin}/widget/gate.js`)
      .then(({ watch }: typeof import("../gate/main")) =>
        watch(flag, look, (now, fresh) => {
          away = now;
          look = fresh;
          paint();
          if (!away) begin();
        }),
      )
      .catch(warn);
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
        look = message.look;
        paint();
        return admit();
      case "gone":
        gone = true;
        return paint();
      case "refused":
        return warn(message.message);
    }
  };

  const frame = panelFrame(origin, key, root, texts, { title, hello, heard });

  badge.className = "badge";
  badge.ariaHidden = "true";
  button.type = "button";
  button.append(icon("chat", BUBBLE), icon("cross", CROSS), badge);
  button.onclick = () => (isOpen ? close() : open());
  button.onpointerenter = button.onfocus = frame.load;
  root.onkeydown = (event) => {
    if (event.key === "Escape") close(); // no value: false would forbid every other key
  };
  small.onchange = paint;
  root.append(button);
  paint();
  const shadow = host.attachShadow({ mode: "open" });
  style(shadow, css);
  shadow.append(root);
  document.body.append(host);
  watchPage((page) => frame.tell({ type: "page", page }));
  if (remembers(flag)) whenIdle(frame.load);
  admit();

  return {
    open,
    close,
    show: () => void (host.hidden = false),
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

/** A style sheet that the page's Content-Security-Policy has no say in. */
function style(shadow: ShadowRoot, text: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  shadow.adoptedStyleSheets = [sheet];
}

function icon(name: string, path: string): Element {
  const make = (tag: string) => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const svg = make("svg");
  const shape = make("path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", name);
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

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
