/**
 * How well `label` answers `query`; 0: not at all. Words of the query may stand anywhere, each at the beginning of a
 * word of the label is best. Case and accents aside.
 */
export function score(query: string, label: string): number {
  const wanted = fold(query).split(/\s+/).filter(Boolean);
  const text = fold(label);
  let total = 1;
  for (const word of wanted) {
    const at = text.indexOf(word);
    if (at < 0) return 0;
    const starts = at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? "");
    total += at === 0 ? 4 : starts ? 3 : 1;
  }
  return total - text.length / 1000;
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
