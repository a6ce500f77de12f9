import { choose } from "../../shared/language";
import german from "./texts.de.json";
import english from "./texts.en.json";

type Catalogue = typeof english;
export type AroundText = keyof Catalogue;

const catalogues: Record<string, Catalogue> = { en: english, de: german };

/** What is said before and after the chat, in the reader's language. */
export class AroundWords {
  private readonly texts: Catalogue;

  constructor(wanted: readonly string[]) {
    this.texts = catalogues[choose(wanted, Object.keys(catalogues))] ?? english;
  }

  say(name: AroundText, values: Record<string, string> = {}): string {
    return this.texts[name].replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? "");
  }

  /** In our words where we know the code, else those of `other`. */
  reason(code: string, other: AroundText): string {
    const known = `reason.${code}`;
    return this.say(known in this.texts ? (known as AroundText) : other);
  }
}
