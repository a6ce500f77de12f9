import german from "emojibase-data/de/compact.json?url";
import english from "emojibase-data/en/compact.json?url";

export interface Emoji {
  unicode: string;
  label: string;
  tags?: string[];
  group?: number;
}

/** Groups of the Unicode list that are worth a row; 2 is parts (skin tones, hair). */
export const GROUPS = [0, 1, 3, 4, 5, 6, 7, 8, 9] as const;

const files: Record<string, string> = { en: english, de: german };
const KEY = "alongside.emoji";
const RECENT = 16;

/** All emoji with names in the language, or in English where there is no list for it. */
export async function readEmoji(tag: string): Promise<Emoji[]> {
  const answer = await fetch(files[tag] ?? english);
  if (!answer.ok) throw new Error(`The list of emoji did not load: ${answer.status}`);
  const all = (await answer.json()) as Emoji[];
  return all.filter((one) => one.group !== undefined && one.group !== 2);
}

export function recentEmoji(): string[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]") as string[];
  } catch {
    return [];
  }
}

export function rememberEmoji(unicode: string): void {
  try {
    localStorage.setItem(
      KEY,
      JSON.stringify([unicode, ...recentEmoji().filter((one) => one !== unicode)].slice(0, RECENT)),
    );
  } catch {
    // Without storage there are no recent ones.
  }
}
