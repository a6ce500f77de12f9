import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** `<!-- part: name -->` is replaced by src/parts/name.html, `<!-- art: name -->` by src/art/name.svg. */
function parts(): Plugin {
  const fill = (html: string): string =>
    html.replace(/<!-- (part|art): ([\w-]+) -->/g, (_, kind: string, name: string) =>
      fill(readFileSync(here(kind === "art" ? `src/art/${name}.svg` : `src/parts/${name}.html`), "utf8")),
    );
  return { name: "parts", transformIndexHtml: { order: "pre", handler: fill } };
}

export default defineConfig({
  root: "pages",
  base: "/demo/",
  publicDir: false,
  plugins: [parts()],
  build: {
    outDir: "../../../../alongside/static/demo",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: ["index", "birchlight-tent/index", "help/index", "de/index"].map((page) =>
        here(`pages/${page}.html`),
      ),
    },
  },
});
