import { defineConfig } from "vite";
import { plainImports } from "./vite.plain-imports";

// What the loader fetches into the page where a channel asks for it: hours and pages, and action rules in parts of their
// own. Nothing is shared with the panel, which runs in a frame of another origin.
export default defineConfig({
  base: "/widget/",
  publicDir: false,
  plugins: [plainImports],
  build: {
    outDir: "../../../alongside/static/widget",
    emptyOutDir: false,
    target: "es2022",
    modulePreload: false,
    reportCompressedSize: false,
    minify: "terser",
    terserOptions: { ecma: 2020, module: true, compress: { passes: 3, keep_fargs: false } },
    rolldownOptions: {
      input: "src/gate/main.ts",
      // The loader asks for the gate by a name that stays.
      output: { minify: true, entryFileNames: "gate.js", chunkFileNames: "assets/[name]-[hash].js" },
      preserveEntrySignatures: "allow-extension",
    },
  },
});
