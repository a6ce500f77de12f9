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

/** Without the sentence's punctuation, and without a bracket that was opened before the address. */
function trim(address: string): string {
  for (;;) {
    const last = address.at(-1) ?? "";
    const opening = { ")": "(", "]": "[", "}": "{" }[last];
    const extra = opening !== undefined && address.split(last).length > address.split(opening).length;
    if (!/[.,;:!?…*_~]/.test(last) && !extra) return address;
    address = address.slice(0, -1);
  }
}

function safe(address: string): string | null {
  try {
    const url = new URL(address);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}
