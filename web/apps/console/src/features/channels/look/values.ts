import type { ChannelSettings, EditSettings, Look } from "@alongside/contract";

const TOP = ["accent", "position", "title", "greeting", "away", "privacy_url", "sound"] as const;

/** What the form edits, flat: the settings of the look, and those beside it that say how the widget looks. */
export type Values = Look & Pick<ChannelSettings, (typeof TOP)[number]>;
export type Name = keyof Values;
export type TextName = "title" | "subtitle" | "greeting" | "away" | "placeholder" | "label";

export const TEXTS: readonly TextName[] = ["title", "subtitle", "greeting", "away", "placeholder", "label"];

export function valuesOf(settings: ChannelSettings): Values {
  const top = Object.fromEntries(TOP.map((name) => [name, settings[name]])) as Pick<
    Values,
    (typeof TOP)[number]
  >;
  return structuredClone({ ...settings.look, ...top });
}

/** The change that these fields make. */
export function editOf(values: Values, names: readonly Name[]): EditSettings {
  const top: Record<string, unknown> = {};
  const look: Record<string, unknown> = {};
  for (const name of names) {
    const place = (TOP as readonly string[]).includes(name) ? top : look;
    place[name] = values[name];
  }
  return Object.keys(look).length > 0 ? { ...top, look } : top;
}

/** Whether two values say the same: an empty text is none, and the order of languages says nothing. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}

function plain(value: unknown): unknown {
  if (value === "") return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value)
    .map(([name, part]) => [name, plain(part)] as const)
    .filter(
      ([, part]) => part !== null && !(typeof part === "object" && Object.keys(part ?? {}).length === 0),
    );
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What each field is now, where mine and theirs both began at `base`, and which were changed by both. */
export function merged(base: Values, mine: Values, theirs: Values): { values: Values; both: Name[] } {
  const values = structuredClone(mine);
  const both: Name[] = [];
  for (const name of Object.keys(theirs) as Name[]) {
    if (same(mine[name], base[name])) (values as Record<Name, unknown>)[name] = structuredClone(theirs[name]);
    else if (!same(theirs[name], base[name]) && !same(theirs[name], mine[name])) both.push(name);
  }
  return { values, both };
}

/** The field that a refusal is about. */
const FIELD_OF: Record<string, Name> = {
  "accent-unreadable": "accent",
  "sheet-refused": "css",
  "button-empty": "label",
  "picture-missing": "pictures",
  "default-language-not-offered": "default_language",
  "privacy-url-malformed": "privacy_url",
  "start-label-missing": "start",
  "start-link-malformed": "start",
  "start-article-missing": "start",
};

/** What the server refused, in words for the person. */
export interface Refused {
  code: string;
  message: string;
}

export const fieldOf = (code: string): Name | null => FIELD_OF[code] ?? null;

/** The languages that texts are written in: those offered, else ours and those that have a text. */
export function writtenIn(values: Values, ours: readonly string[]): string[] {
  if (values.languages[0]) return values.languages;
  const texts = TEXTS.flatMap((name) => Object.keys(values[name]));
  return [...new Set([...ours, ...texts, ...Object.keys(values.words)])];
}

/** What visitors of a language read where it has no text of its own, and in which language that is; null: nothing. */
export function fallback(values: Values, name: TextName, tag: string): { text: string; from: string } | null {
  const texts = values[name];
  const order = [values.languages[0] ? values.default_language : "en", "en", ...Object.keys(texts)];
  const from = order.find((one) => one !== tag && texts[one]);
  return from ? { text: texts[from] ?? "", from } : null;
}

/** The texts that some language has and this one lacks. */
export const missing = (values: Values, tag: string): TextName[] =>
  TEXTS.filter((name) => !values[name][tag] && fallback(values, name, tag) !== null);
