/** The first of `wanted` that `known` has, exactly or by its language alone; `otherwise` if it has none. */
export function choose(wanted: readonly string[], known: readonly string[], otherwise = "en"): string {
  for (const tag of wanted) {
    const lower = tag.toLowerCase();
    const found =
      known.find((name) => name.toLowerCase() === lower) ??
      known.find((name) => name === lower.split("-")[0]);
    if (found) return found;
  }
  return otherwise;
}

/** The text of a channel for a language. Channels always have English. */
export function inLanguage(texts: Record<string, string>, wanted: readonly string[]): string {
  return texts[choose(wanted, Object.keys(texts))] ?? texts["en"] ?? "";
}
