export interface Part {
  text: string;
  /** Set where the text is a link: an address that was parsed and is http or https. */
  href?: string;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+/gi;

/** A text cut into plain parts and links. Nothing of it is ever read as HTML. */
export function parts(text: string): Part[] {
  const found: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trim(match[0]);
    const href = safe(address);
    if (!href) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

const OPENING: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** Without the sentence's punctuation, and without a bracket that was opened before the address. */
function trim(address: string): string {
  const counts = new Map<string, number>();
  for (const char of address) counts.set(char, (counts.get(char) ?? 0) + 1);
  let end = address.length;
  for (; end > 0; end--) {
    const last = address[end - 1] as string;
    const closes = counts.get(last) ?? 0;
    const extra = last in OPENING && closes > (counts.get(OPENING[last] as string) ?? 0);
    if (!/[.,;:!?…*_~]/.test(last) && !extra) break;
    counts.set(last, closes - 1);
  }
  return address.slice(0, end);
}

function safe(address: string): string | null {
  try {
    const url = new URL(address);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}
