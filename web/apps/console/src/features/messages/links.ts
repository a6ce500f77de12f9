/** A piece of a message: plain text, or with `href` a link that is safe to offer. */
export interface Piece {
  text: string;
  href?: string;
}

// Every part is bounded or begins where it must: a visitor's long run of letters costs one pass, no more.
const CANDIDATE =
  /\b(?:https?:\/\/|www\.)[^\s<>"'\u2066-\u2069\u202a-\u202e]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/giu;
const PUNCTUATION = ".,;:!?)]}'\"»”…";

/** Cut text into plain pieces and links. Only http, https and mailto become links, whatever a visitor writes. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const word = trim(match[0]);
    const href = address(word);
    if (!href) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    found.push({ text: word, href });
    from = match.index + word.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}

/** Punctuation at the end belongs to the sentence, except a bracket that was opened inside the address. */
function trim(word: string): string {
  let end = word.length;
  while (end > 0 && PUNCTUATION.includes(word.charAt(end - 1))) end--;
  const opened = word.slice(0, end).split("(").length;
  const closed = word.slice(0, end).split(")").length;
  return word.slice(0, word.charAt(end) === ")" && opened > closed ? end + 1 : end);
}

function address(word: string): string | null {
  const guess = /^https?:/i.test(word)
    ? word
    : word.includes("@") && !/^www\./i.test(word)
      ? `mailto:${word}`
      : `https://${word}`;
  try {
    const url = new URL(guess);
    const named = url.protocol === "mailto:" || url.hostname.includes(".") || url.hostname === "localhost";
    // A user name before the host makes "https://bank.example@evil.example" look like the bank.
    return named && url.username === "" ? url.href : null;
  } catch {
    return null;
  }
}
