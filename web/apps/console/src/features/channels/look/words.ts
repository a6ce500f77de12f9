type Texts = Record<string, string | Record<string, string>>;
type Catalogue = Record<"loader" | "panel", Texts>;

const files = import.meta.glob<Catalogue>("../../../../../widget/src/texts/*.json", { import: "default" });

/** The widget's own words by name, as it ships them in a language; null in one that it does not ship. */
export async function shipped(tag: string): Promise<Record<string, string> | null> {
  const load = Object.entries(files).find(([path]) => path.endsWith(`/${tag}.json`))?.[1];
  if (!load) return null;
  const { loader, panel } = await load();
  const { reason, ...plain } = panel;
  const named = (prefix: string, texts: Texts) =>
    Object.entries(texts).map(([name, text]) => [`${prefix}.${name}`, String(text)]);
  return Object.fromEntries([
    ...named("loader", loader),
    ...named("panel", plain),
    ...named("reason", (reason ?? {}) as Texts),
  ]);
}

/** The {names} that a text must keep, and `text` has not. */
export function lost(original: string, text: string): string[] {
  const names = original.match(/\{\w+\}/g) ?? [];
  return text === "" ? [] : names.filter((name) => !text.includes(name));
}
