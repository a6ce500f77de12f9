import type { Content, Field } from "@alongside/contract";
import { locale, region, t } from "../../i18n/index.svelte";
import { dateName } from "../../live/times";

/** A text of a field in the reader's language, else in English, else in whichever there is. */
export function inWords(texts: Readonly<Record<string, string>>, language: string = locale()): string {
  return (
    texts[language] ?? texts[language.split("-")[0] ?? ""] ?? texts["en"] ?? Object.values(texts)[0] ?? ""
  );
}

/** A value as it is shown. An option that is no longer offered is shown as it was stored. */
export function shown(field: Pick<Field, "kind" | "options">, value: Content): string {
  const option = (one: string) => field.options.find((other) => other.value === one)?.label ?? one;
  if (typeof value === "boolean") return value ? t("fields.yes") : t("fields.no");
  if (typeof value === "number") return value.toLocaleString(region(), { maximumFractionDigits: 20 });
  if (Array.isArray(value)) return value.map(option).join(", ");
  if (field.kind === "choice") return option(value);
  if (field.kind === "date") return dateName(`${value}T00:00`, region());
  return value;
}

/** Are two values the same? */
export function same(one: Content | null, other: Content | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
