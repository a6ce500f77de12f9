export default {
  compilerOptions: {
    runes: true,
    // Elements are made one by one: no HTML text is parsed, so the page's Trusted Types have nothing to allow.
    fragments: "tree",
  },
};
