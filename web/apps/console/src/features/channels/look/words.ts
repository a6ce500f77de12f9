type Texts = { [name: string]: string | Texts };

const files = import.meta.glob<Texts>("../../../../../widget/src/texts/**/*.json", { import: "default" });

/** Where in the widget words stand, as their names begin, in the order in which visitors meet them. */
export const PLACES = [
  "loader",
  "panel",
  "reason",
  "doors",
  "around",
  "help",
  "emoji",
  "files",
  "acts",
  "queue",
  "sound",
] as const;
export type Place = (typeof PLACES)[number];

export const placeOf = (name: string) => name.slice(0, name.indexOf(".")) as Place;

/** The widget's own words by name, as it ships them in a language; null in one that it does not ship. */
export async function shipped(tag: string): Promise<Record<string, string> | null> {
  const found = Object.entries(files).filter(([path]) => path.endsWith(`/${tag}.json`));
  if (found.length === 0) return null;
  const all = await Promise.all(
    found.map(async ([path, read]) => named(await read(), /texts\/(\w+)\//.exec(path)?.[1])),
  );
  const names = all.flat().map(([name, text]) => [name.replace("panel.reason.", "reason."), text] as const);
  const rank = ([name]: readonly [string, string]) => PLACES.indexOf(placeOf(name));
  return Object.fromEntries(names.sort((a, b) => rank(a) - rank(b)));
}

function named(texts: Texts, prefix?: string): [string, string][] {
  return Object.entries(texts).flatMap(([name, text]) => {
    const path = prefix ? `${prefix}.${name}` : name;
    return typeof text === "string" ? [[path, text] as [string, string]] : named(text, path);
  });
}

/** The {names} that a text must keep, and `text` has not. */
export function lost(original: string, text: string): string[] {
  const names = original.match(/\{\w+\}/g) ?? [];
  return text === "" ? [] : names.filter((name) => !text.includes(name));
}
