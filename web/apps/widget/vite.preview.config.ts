import { defineConfig } from "vite";

// The page on which the console tries a look out: the loader's own button and, in its frame, the panel itself.
export default defineConfig({
  base: "/widget/",
  publicDir: false,
  build: {
    outDir: "../../../alongside/static/widget",
    emptyOutDir: false,
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { input: "preview.html" },
  },
});
