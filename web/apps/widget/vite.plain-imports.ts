import type { Plugin } from "vite";

/**
 * Vite wraps each late import in a helper that loads the part's own style sheets first. Ours have none: their styles are
 * text in their scripts. So an import is an import, and the panel is half a kilobyte smaller.
 */
export const plainImports: Plugin = {
  name: "plain-imports",
  enforce: "pre",
  load: (id) =>
    id.endsWith("vite/preload-helper.js") ? "export const __vitePreload = (load) => load();" : null,
};
