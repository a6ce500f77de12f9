import js from "@eslint/js";
import noUnsanitized from "eslint-plugin-no-unsanitized";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

export default ts.config(
  {
    ignores: [
      "**/node_modules/",
      "**/.svelte-kit/",
      "**/build/",
      "**/dist/",
      "packages/contract/src/generated.ts",
    ],
  },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  noUnsanitized.configs.recommended,
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"] } },
  },
  { files: ["**/*.config.*", "scripts/**"], languageOptions: { globals: { ...globals.node } } },
  {
    rules: {
      "no-undef": "off", // tsc knows better
      "svelte/no-at-html-tags": "error",
      "svelte/prefer-svelte-reactivity": "off", // most sets, maps and dates here are not drawn, and must not be
      "svelte/no-unused-svelte-ignore": "off", // svelte-check, which knows the types, judges these
      "no-restricted-syntax": [
        "error",
        {
          selector: "MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|srcdoc)$/]",
          message: "Text of visitors ends up here: build DOM nodes instead.",
        },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
);
