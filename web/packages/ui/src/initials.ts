/** Up to two letters that stand for a name: first and last word. Surrogate pairs and combining marks stay whole. */
export function initials(name: string): string {
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
