import { readFileSync } from "node:fs";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

/** The version of the package that ships these files: the server tells its own in `welcome`, and the two are compared. */
function version(): string {
  const text = readFileSync(new URL("../../../pyproject.toml", import.meta.url), "utf8");
  return /^version\s*=\s*"([^"]+)"/m.exec(text)?.[1] ?? "0";
}

export default defineConfig({
  base: "/console/",
  plugins: [svelte()],
  define: { __VERSION__: JSON.stringify(version()) },
  build: {
    outDir: "../../../alongside/static/console",
    emptyOutDir: true,
    target: "es2022",
    // Small files as data: URLs would need wider rules in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Beside the console the page of a chat link, which shows one conversation in other systems' windows.
    rolldownOptions: { input: ["index.html", "chat.html"] },
  },
});
