/** How a kind of condition is written and said: one file each in `kinds`, which is all that the editor knows of it. */
import type { Condition } from "@alongside/conditions";
import { type Key, t } from "../../i18n/index.svelte";
import type { Question } from "./questions";

export interface Option {
  value: unknown;
  label: string;
}

/** A place in the sentence where something is chosen or written. `said`: how a text that may be missing is told. */
export type Place =
  | { type: "choice"; options: () => Option[] }
  | { type: "many"; options: () => Option[] }
  | { type: "text"; most: number; least?: number; hint?: Key; said?: Key }
  | { type: "number"; from: number; to: number }
  | { type: "time" };

export const SECTIONS = ["agents", "time", "page", "visitor", "message"] as const;

export interface Words<One extends Condition = Condition> {
  kind: One["kind"];
  section: (typeof SECTIONS)[number];
  /** Where it stands in the menu. */
  rank: number;
  /** A new one; null where there is nothing yet that it could speak of. */
  fresh: () => Omit<One, "kind" | "negate"> | null;
  /** By the field's name, as it stands in the sentence `rules.say.<kind>`. */
  places: (condition: One) => Record<string, Place>;
  /** What "Test with …" has to know. */
  asks: (condition: One) => Question[];
}

export function words<One extends Condition>(of: Words<One>): Words {
  return of as unknown as Words;
}

/** Do two values mean the same option? */
export const alike = (one: unknown, other: unknown) => (one ?? null) === (other ?? null);

/** What stands in a place, as text. */
export function told(place: Place, value: unknown): string {
  if (place.type === "choice" || place.type === "many") {
    const options = place.options();
    const label = (one: unknown) =>
      options.find((option) => alike(option.value, one))?.label ?? t("rules.gone");
    return place.type === "many" ? ors((value as unknown[]).map(label)) : label(value);
  }
  if (place.type === "text" && place.said) return value ? t(place.said, { text: String(value) }) : "";
  if (place.type === "text") return t("rules.quoted", { text: String(value) });
  return typeof value === "number" ? t("rules.number", { count: value }) : String(value);
}

/** "one, two or three" as the language says it. */
export function ors(parts: string[]): string {
  return listed(parts, "disjunction");
}

export function ands(parts: string[]): string {
  return listed(parts, "conjunction");
}

function listed(parts: string[], type: "conjunction" | "disjunction"): string {
  return new Intl.ListFormat(document.documentElement.lang || "en", { type }).format(parts);
}
