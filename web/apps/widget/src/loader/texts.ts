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

export function texts(): Texts {
  const chosen = catalogues[choose(languages(), Object.keys(catalogues))];
  return (name) => chosen?.[name] ?? catalogues["en"]?.[name] ?? name;
}
