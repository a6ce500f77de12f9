import { choose } from "../shared/language";

const files = import.meta.glob<Record<string, string>>("../texts/*.json", { eager: true, import: "loader" });
const catalogues = Object.fromEntries(
  Object.entries(files).map(([path, texts]) => [path.replace(/.*\/|\.json$/g, ""), texts]),
);

/** The languages to speak, the page's first. */
export function languages(): string[] {
  return [document.documentElement.lang, ...navigator.languages].filter(Boolean);
}

export type Texts = (name: string) => string;

/** The one of ours that is spoken here. */
export const language = (): string => choose(languages(), Object.keys(catalogues));

export function texts(): Texts {
  const chosen = catalogues[language()];
  return (name) => chosen?.[name] ?? catalogues["en"]?.[name] ?? name;
}
