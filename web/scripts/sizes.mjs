// What a visitor downloads before the first message, gzipped as the server sends it. Fails over the budget.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { format } from "prettier";

const STATIC = new URL("../../alongside/static/", import.meta.url);
const BUDGET = { loader: 5_000, beforeFirstMessage: 40_000, requests: 4 };
/** The channel's settings come from the server; this is a long example of them. */
const SETTINGS = JSON.stringify({
  key: "0123456789abcdef0123456789abcdef",
  name: "Fernwood Outdoor",
  accent: "#1f5c46",
  ink: "#ffffff",
  position: "right",
  title: { de: "Fernwood Outdoor", en: "Fernwood Outdoor" },
  greeting: {
    de: "Hallo! Fragen zur Ausrüstung oder zu einer Bestellung? Wir helfen gern.",
    en: "Hello! Questions about gear or an order? We are glad to help.",
  },
  away: {
    de: "Im Moment ist niemand da. Schreiben Sie uns trotzdem: Unsere Antwort finden Sie hier im Chat.",
    en: "Nobody is here at the moment. Write all the same: you will find our answer in this chat.",
  },
  privacy_url: "https://fernwood.example/privacy",
  sound: true,
  around: false,
  help: true,
  gate: null,
  uploads: { max_bytes: 20_000_000, kinds: ["image", "video", "audio", "file"] },
  availability: {
    online: true,
    agents: ["Ines Albrecht", "Tom Okafor", "Lena Brandt"].map((display_name, at) => ({
      display_name,
      picture_url: `/files/d156d6e6-63e1-4017-943d-6f8d91f77af${at}/picture.webp`,
    })),
  },
});

const packed = (body) => gzipSync(body, { level: 9 }).length;
const read = (name) => readFileSync(new URL(name, STATIC));

/** A script and all that it imports at once; what it imports later is not needed for the first message. */
function withImports(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const folder = name.slice(0, name.lastIndexOf("/") + 1);
  for (const [, path] of read(name)
    .toString()
    .matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)) {
    withImports(folder + path, found);
  }
  return found;
}

function panelFiles() {
  const page = read("widget/panel.html").toString();
  const linked = [...page.matchAll(/(?:src|href)="\/(widget\/[^"]+)"/g)].map(([, path]) => path);
  return [
    "widget/panel.html",
    ...new Set(linked.flatMap((path) => (path.endsWith(".js") ? [...withImports(path)] : [path]))),
  ];
}

if (!existsSync(new URL("widget/widget.js", STATIC))) {
  console.error("There is nothing to measure. Run `npm run build` first.");
  process.exit(1);
}

const loader = packed(read("widget/widget.js"));
const parts = panelFiles().map((name) => [name.replace(/-[\w-]{8}\./, "."), packed(read(name))]);
const sizes = {
  loader,
  settings: packed(SETTINGS),
  panel: Object.fromEntries(parts),
  beforeFirstMessage: loader + packed(SETTINGS) + parts.reduce((sum, [, bytes]) => sum + bytes, 0),
  requests: 2 + parts.length,
  later: Object.fromEntries(
    readdirSync(new URL("widget/assets/", STATIC))
      .filter((name) => !panelFiles().includes(`widget/assets/${name}`))
      .map((name) => [name.replace(/-[\w-]{8}\./, "."), packed(read(`widget/assets/${name}`))]),
  ),
  budget: BUDGET,
};

const target = new URL("../sizes.json", import.meta.url);
const json = await format(JSON.stringify(sizes), { parser: "json" });
if (!existsSync(target) || readFileSync(target, "utf8") !== json) writeFileSync(target, json);

const over = Object.entries(BUDGET).filter(([name, most]) => sizes[name] > most);
console.log(`loader                 ${sizes.loader} bytes of ${BUDGET.loader}`);
console.log(`before first message   ${sizes.beforeFirstMessage} bytes of ${BUDGET.beforeFirstMessage}`);
console.log(`requests               ${sizes.requests} of ${BUDGET.requests}, and one socket`);
for (const [name, most] of over) console.error(`Over budget: ${name} is ${sizes[name]}, at most ${most}.`);
process.exit(over.length > 0 ? 1 : 0);
