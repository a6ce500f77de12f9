import type { ChannelLook } from "@alongside/contract";
import { launch } from "../loader/launcher";
import css from "./preview.css?inline";

/** What the console tells this page. */
interface Shown {
  look: ChannelLook;
  open: boolean;
  scheme: "light" | "dark";
  language: string;
  dir: "ltr" | "rtl";
}

/** What this page tells the console: it listens; the chat was opened or closed in it; a sheet hid what is needed. */
type Said = { says: "ready" | "open" | "close" } | { says: "warning"; text: string };

let launched: ReturnType<typeof launch> | undefined;
let isOpen = false;

const say = (said: Said) => parent.postMessage(said, location.origin);

function show({ look, open, scheme, language, dir }: Shown): void {
  const root = document.documentElement;
  root.lang = language;
  root.dir = dir;
  root.className = scheme;
  launched?.look(look);
  launched ??= launch(location.origin, look.key, look, {
    emit: (name) => {
      if (name === "open" || name === "close") {
        isOpen = name === "open";
        say({ says: name });
      }
    },
    warn: (text) => say({ says: "warning", text }),
  });
  if (open !== isOpen) launched[open ? "open" : "close"]();
}

addEventListener("message", ({ origin, source, data }) => {
  const shown = (data as { preview?: Shown } | null)?.preview;
  if (shown && origin === location.origin && source === parent) show(shown);
});

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets = [sheet];
// Some lines of a page for the button to stand on.
for (const kind of ["title", "line", "line", "short", "box", "line", "line", "short", "box"]) {
  const block = document.createElement("div");
  block.className = kind;
  document.body.append(block);
}
say({ says: "ready" });
