import english from "./en.json";

/** A text, or one text per plural category of the language (Intl.PluralRules), chosen by `{count}`. */
type Text = string | Partial<Record<Intl.LDMLPluralRule, string>>;
type Catalogue = Record<string, Text>;
export type Key = keyof typeof english;
type Values = Record<string, string | number>;

// One file per language: a new file is a new language, nothing else has to know.
const files = import.meta.glob<Catalogue>(["./*.json", "!./en.json"], { import: "default" });
const RIGHT_TO_LEFT = new Set(["ar", "he", "fa", "ur", "ps", "yi", "dv", "ckb"]);

/** The languages there are, each with its name in itself. */
export const languages = ["en", ...Object.keys(files).map((path) => path.slice(2, -5))].map((tag) => ({
  tag,
  name: capital(new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag),
}));

let tag = $state("en");
let texts = $state.raw<Catalogue>(english);
let plural = new Intl.PluralRules("en");

/** The language in use, as a BCP 47 tag. Reading it in markup keeps the markup up to date. */
export function locale(): string {
  return tag;
}

/** The same with the reader's own region where the browser tells it, for times and numbers: "en-GB". */
export function region(): string {
  return navigator.languages.find((one) => one.split("-")[0] === tag.split("-")[0]) ?? tag;
}

/** The name of a language in the reader's own; of what is none, the tag as it is. */
export function languageName(wanted: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(wanted) ?? wanted;
  } catch {
    return wanted; // what a browser sends need not be a language
  }
}

/** Load a language and put the page into it; an unknown one falls back to English. */
export async function speak(wanted: string): Promise<void> {
  const load = files[`./${wanted}.json`];
  const loaded = load ? await load() : english;
  const known = load ? wanted : "en";
  plural = new Intl.PluralRules(known);
  tag = known;
  texts = loaded;
  document.documentElement.lang = known;
  document.documentElement.dir = RIGHT_TO_LEFT.has(known.split("-")[0] ?? "") ? "rtl" : "ltr";
}

/** The first of the browser's languages that there is a catalogue for. */
export function preferred(wishes: readonly string[] = navigator.languages): string {
  const known = new Set(languages.map((one) => one.tag));
  const found = wishes.flatMap((wish) => [wish, wish.split("-")[0] ?? ""]).find((wish) => known.has(wish));
  return found ?? "en";
}

/** The text for `key` with `{names}` filled in. */
export function t(key: Key, values: Values = {}): string {
  return fill(texts[key] ?? english[key], values);
}

/** The text for a key that is only known at run time, or undefined where there is none. */
export function tryT(key: string, values: Values = {}): string | undefined {
  const text = texts[key] ?? (english as Catalogue)[key];
  return text === undefined ? undefined : fill(text, values);
}

function fill(text: Text, values: Values): string {
  const chosen =
    typeof text === "string" ? text : (text[plural.select(Number(values["count"]))] ?? text.other ?? "");
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? value.toLocaleString(region()) : value;
  });
}

function capital(word: string): string {
  return word.charAt(0).toLocaleUpperCase() + word.slice(1);
}
