import { locale } from "../../../i18n/index.svelte";

/** What a list offers; any other tag that a channel has stays. */
export const TAGS =
  "ar bg bn bs ca cs cy da de el en es et fa fi fr ga he hi hr hu hy id is it ja ka ko lt lv mk ms nb nl pl pt ro ru sk sl sq sr sv sw th tr uk ur vi zh".split(
    " ",
  );

export const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

/** The name of a language in the reader's own. */
export const nameOf = (tag: string): string =>
  new Intl.DisplayNames([locale()], { type: "language" }).of(tag) ?? tag;
