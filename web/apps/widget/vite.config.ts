import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// The panel: one script with its styles inside, so that it is there after one page and one script.
export default defineConfig({
  base: "/widget/",
  publicDir: false,
  plugins: [svelte()],
  build: {
    outDir: "../../../alongside/static/widget",
    emptyOutDir: true,
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { input: "panel.html" },
  },
});
