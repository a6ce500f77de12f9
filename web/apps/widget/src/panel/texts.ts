import { choose } from "../shared/language";

type Catalogue = (typeof import("../texts/en.json"))["panel"];
export type Name = Exclude<keyof Catalogue, "reason">;

const files = import.meta.glob<Catalogue>("../texts/*.json", { eager: true, import: "panel" });
export const catalogues: Record<string, Catalogue> = Object.fromEntries(
  Object.entries(files).map(([path, texts]) => [path.replace(/.*\/|\.json$/g, ""), texts]),
);

const MINUTES: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };
const DAY: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" };
const DAY_AND_YEAR: Intl.DateTimeFormatOptions = { day: "numeric", month: "long", year: "numeric" };

/** Words, times and lists in the reader's language. */
export class Words {
  language: string;
  /** The company's words in place of ours, by name. */
  own: Readonly<Record<string, string>> = {};
  private readonly texts: Catalogue;

  /** `browser`: the languages of the reader's browser, which know the region that a page's bare `en` does not. */
  constructor(
    readonly wanted: readonly string[],
    private readonly browser: readonly string[] = [],
  ) {
    this.language = choose(wanted, Object.keys(catalogues));
    this.texts = { ...catalogues["en"], ...catalogues[this.language] } as Catalogue;
  }

  say(name: Name, values: Record<string, string> = {}): string {
    return this.texts[name].replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? "");
  }

  /** Why a message was refused, in words for visitors: the server's are for who built the page or runs the site. */
  reason(code: string): string {
    const { reason } = this.texts;
    return Object.hasOwn(reason, code) ? reason[code as "other"] : reason.other;
  }

  time(at: string): string {
    return this.format(MINUTES).format(new Date(at));
  }

  day(at: string, now: Date = new Date()): string {
    const then = new Date(at);
    const days = Math.round((midnight(now) - midnight(then)) / 86_400_000);
    if (days === 0) return this.say("today");
    if (days === 1) return this.say("yesterday");
    return this.format(then.getFullYear() === now.getFullYear() ? DAY : DAY_AND_YEAR).format(then);
  }

  list(names: string[]): string {
    return new Intl.ListFormat(this.language, { type: "disjunction" }).format(names);
  }

  /** In the reader's own region where it speaks our language: 2:30 PM or 14:30. */
  private format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const tags = [...this.browser, ...this.wanted].filter((tag) => tag.split("-")[0] === this.language);
    const regional = tags.find((tag) => tag.includes("-")) ?? this.language;
    try {
      return new Intl.DateTimeFormat(regional, options);
    } catch {
      return new Intl.DateTimeFormat(this.language, options); // a page's lang may be anything
    }
  }
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
