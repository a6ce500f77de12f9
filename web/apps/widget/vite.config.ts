import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

/**
 * Vite wraps each late import in a helper that loads the part's own style sheets first. Ours have none: their styles are
 * text in their scripts. So an import is an import, and the panel is half a kilobyte smaller.
 */
const plainImports: Plugin = {
  name: "plain-imports",
  enforce: "pre",
  load: (id) =>
    id.endsWith("vite/preload-helper.js") ? "export const __vitePreload = (load) => load();" : null,
};

// The panel: one script with its styles inside, so that it is there after one page and one script. Beside it the page
// that a mailed link opens, which shares nothing with it.
export default defineConfig({
  base: "/widget/",
  publicDir: false,
  plugins: [plainImports, svelte()],
  build: {
    outDir: "../../../alongside/static/widget",
    emptyOutDir: true,
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { input: ["panel.html", "continue.html"] },
  },
});
