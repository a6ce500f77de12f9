import type { PanelLook } from "@alongside/contract";
import { choose } from "../../shared/language";
import { catalogues, Words, type Name } from "../texts";

const RIGHT_TO_LEFT = new Set(["ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"]);

type Own = PanelLook["words"];

/** The widget's words where the company has put its own in their place, or offers languages that we do not ship. */
export class OwnWords extends Words {
  /** `offered`: what may be spoken, the default first; empty: what the reader asks for. */
  constructor(asked: readonly string[], browser: readonly string[], offered: readonly string[], own: Own) {
    const known = offered[0] ? offered : [...Object.keys(catalogues), ...Object.keys(own)];
    const spoken = choose(asked, known, offered[0]);
    super(offered[0] ? [spoken] : asked, browser);
    this.language = spoken;
    this.own = own[spoken] ?? {};
  }

  override say(name: Name, values: Record<string, string> = {}): string {
    const text = this.own[name];
    return text === undefined ? super.say(name, values) : fill(text, values);
  }

  override reason(code: string): string {
    return this.own[`reason.${code}`] ?? super.reason(code);
  }
}

export function direction(language: string): "rtl" | "ltr" {
  return RIGHT_TO_LEFT.has(language.split("-")[0] ?? "") ? "rtl" : "ltr";
}

const fill = (text: string, values: Record<string, string>) =>
  text.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? "");
