// The help centre's style sheet: the tokens of our own pages, and what its pages add. There is no script.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const ui = join(here, "../../packages/ui/src");
const target = join(here, "../../../alongside/static/help");

const DARK = /:root\[data-theme="dark"\] (\{[^}]*\})/;
const tokens = readFileSync(join(ui, "tokens.css"), "utf8");
if (!DARK.test(tokens))
  throw new Error("packages/ui/src/tokens.css has no dark tokens where they are looked for");
// Nobody has chosen a theme here: the system decides.
const bySystem = tokens.replace(DARK, "@media (prefers-color-scheme: dark) { :root $1 }");

const squeezed = (bySystem + readFileSync(join(here, "src/help.css"), "utf8"))
  .replace(/\/\*[\s\S]*?\*\//g, "")
  .replace(/\s+/g, " ")
  .replace(/ ?([{};]) ?/g, "$1")
  .trim();

mkdirSync(target, { recursive: true });
writeFileSync(join(target, "help.css"), squeezed);
console.log(`help centre: ${squeezed.length} bytes of styles`);
