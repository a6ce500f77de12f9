import de from "../../texts/files/de.json";
import en from "../../texts/files/en.json";
import { textsOf } from "../part-texts";
import type { Words } from "../texts";

type Catalogue = typeof en;
export type FileText = Exclude<keyof Catalogue, "reason">;

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** What is said about files, in the reader's language: loaded with the first file. */
export class FileWords {
  private readonly language: string;
  private readonly texts: Catalogue;

  constructor(words: Words) {
    this.language = words.language;
    this.texts = textsOf("files", { en, de }, words);
  }

  say(name: FileText, values: Record<string, string> = {}): string {
    return fill(this.texts[name], values);
  }

  /** Why a file was refused: in our words where we know the code, else in the server's. */
  reason(code: string, message: string, values: Record<string, string>): string {
    const known = (this.texts.reason as Record<string, string>)[code];
    return known === undefined ? message : fill(known, values);
  }

  /** "1.4 MB". */
  size(bytes: number): string {
    const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
    const value = bytes / 1000 ** step;
    return new Intl.NumberFormat(this.language, {
      style: "unit",
      unit: UNITS[step] ?? "byte",
      unitDisplay: "short",
      maximumFractionDigits: step > 0 && value < 10 ? 1 : 0,
    }).format(value);
  }
}

function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}
