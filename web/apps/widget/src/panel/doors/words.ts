import de from "../../texts/doors/de.json";
import en from "../../texts/doors/en.json";
import { textsOf } from "../part-texts";
import type { Words } from "../texts";

type Catalogue = typeof en;

/** The words of closed doors in the reader's language. They come with them, not with the panel. */
export const doorTexts = (words: Words): Catalogue => textsOf("doors", { en, de }, words);

const midnight = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

/** "tomorrow at 9:00", "on Monday at 9:00": by the reader's own clock, wherever the company is. */
export function when(t: Catalogue, language: string, at: Date, now: Date): string {
  const days = Math.round((midnight(at) - midnight(now)) / 86_400_000);
  const say = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options).format(at);
  const text = days === 0 ? t.today : days === 1 ? t.tomorrow : t.day;
  const day = say(days < 7 ? { weekday: "long" } : { weekday: "long", day: "numeric", month: "long" });
  return text.replace("{time}", say({ hour: "numeric", minute: "2-digit" })).replace("{day}", day);
}
