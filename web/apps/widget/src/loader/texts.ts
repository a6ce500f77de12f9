import type { ChannelLook } from "@alongside/contract";
import { choose } from "../shared/language";

const catalogues = import.meta.glob<Record<string, string>>("./*.json", {
  base: "../texts",
  eager: true,
  import: "loader",
});
const known = Object.keys(catalogues).map((path) => path.slice(2, -5));

export type Texts = (name: string) => string;

/** The languages to speak, the page's first; where a channel offers some, the one of them that is spoken. */
export function languages({ languages: offered }: ChannelLook): string[] {
  const asked = [document.documentElement.lang, ...navigator.languages].filter(Boolean);
  return offered ? [choose(asked, offered, offered[0])] : asked;
}

/** The language that a channel's button speaks, in its own words where it has some. */
export const language = (look: ChannelLook): string =>
  choose(languages(look), [...known, ...Object.keys(look.button?.words ?? {})]);

export const text = (look: ChannelLook, name: string): string => {
  const spoken = language(look);
  const ours = catalogues[`./${spoken}.json`] ?? catalogues["./en.json"];
  return look.button?.words?.[spoken]?.[name] ?? ours?.[name] ?? "";
};
