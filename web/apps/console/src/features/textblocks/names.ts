import { languageName, locale } from "../../i18n/index.svelte";

/** Languages that an editor offers first; any other that is in use is offered too. */
const USUAL =
  "ar bg cs da de el en es et fa fi fr he hi hr hu it ja ko lt lv nb nl pl pt ro ru sk sl sv tr uk zh".split(
    " ",
  );

/** What to choose a language from, by name. */
export function languageOptions(others: readonly string[]): { value: string; label: string }[] {
  return [...new Set([...USUAL, ...others])]
    .map((tag) => ({ value: tag, label: languageName(tag) }))
    .sort((a, b) => a.label.localeCompare(b.label, locale()));
}
