/**
 * Up to two letters that stand for a name: first and last word, or the last two digits of a number, which tell
 * "Visitor 1041" from "Visitor 1042". Surrogate pairs and combining marks stay whole.
 */
export function initials(name: string): string {
  const number = /\p{N}+$/u.exec(name.trim())?.[0];
  if (number) return number.slice(-2);
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words[words.length - 1]] : words.slice(0, 1);
  return picked
    .map((word) => firstGlyph(word ?? ""))
    .join("")
    .toLocaleUpperCase();
}

function firstGlyph(word: string): string {
  const letter = word.match(/[\p{L}\p{N}]\p{M}*/u);
  return letter ? letter[0] : (Array.from(word)[0] ?? "");
}

/** A colour class 0..7 that stays with `key` for ever (FNV-1a). */
export function hue(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0) % 8;
}
