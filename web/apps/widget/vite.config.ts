import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
import { plainImports } from "./vite.plain-imports";

/**
 * The panel is never drawn on a server, so it has nothing to hydrate. With the runtime's switch as a constant the
 * minifier drops every branch behind it: over a kilobyte.
 */
const neverHydrates: Plugin = {
  name: "never-hydrates",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith("svelte/src/internal/client/dom/hydration.js")) return null;
    const constant = code
      .replace("export let hydrating = false", "export const hydrating = false")
      .replace("hydrating = value;", "");
    if (!constant.includes("const hydrating") || constant.includes("hydrating = value")) {
      throw new Error("Svelte writes its hydration switch in another way now: see dom/hydration.js.");
    }
    return constant;
  },
};

// The panel: one script with its styles inside, so that it is there after one page and one script. Beside it the page
// that a mailed link opens, which shares nothing with it.
export default defineConfig({
  base: "/widget/",
  publicDir: false,
  plugins: [plainImports, neverHydrates, svelte()],
  build: {
    outDir: "../../../alongside/static/widget",
    emptyOutDir: true,
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: false,
    reportCompressedSize: false,
    // The bundler's own minifier knows what crosses modules, terser packs what is left more tightly: together 2 % less.
    minify: "terser",
    terserOptions: { ecma: 2020, module: true, compress: { passes: 3, keep_fargs: false } },
    rolldownOptions: {
      input: ["panel.html", "continue.html"],
      output: { minify: true },
    },
  },
});
