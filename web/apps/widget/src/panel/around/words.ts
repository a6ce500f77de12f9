import de from "../../texts/around/de.json";
import en from "../../texts/around/en.json";
import { textsOf } from "../part-texts";
import type { Words } from "../texts";

type Catalogue = typeof en;
export type AroundText = keyof Catalogue;

/** What is said before and after the chat, in the reader's language. */
export class AroundWords {
  private readonly texts: Catalogue;

  constructor(words: Words) {
    this.texts = textsOf("around", { en, de }, words);
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
