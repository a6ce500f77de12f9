import { defineConfig } from "vite";

// The loader runs in other people's pages: one classic script, no global of its own, nothing shared with the panel.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../../../alongside/static/widget",
    emptyOutDir: false,
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    reportCompressedSize: false,
    minify: "terser",
    terserOptions: { ecma: 2020, compress: { passes: 3, keep_fargs: false } },
    rolldownOptions: { output: { minify: true } },
    lib: {
      entry: "src/loader/main.ts",
      formats: ["iife"],
      name: "AlongsideLoader",
      fileName: () => "widget.js",
    },
  },
});
