/** Places that several kinds of conditions have. */
import { type Key, languageName, locale, t } from "../../i18n/index.svelte";
import { hours } from "../hours/hours.svelte";
import { channels, fields, labels } from "../../live/directory.svelte";
import { inWords } from "../fields/words";
import type { Option, Place } from "./kind";

const TEXTS = ["contains", "equals", "starts_with", "pattern"] as const;
const NUMBERS = ["at_least", "at_most", "exactly"] as const;

/** A choice of words; the value is the last part of the key. */
export function choice(prefix: string, values: readonly string[]): Place {
  return {
    type: "choice",
    options: () => values.map((value) => ({ value, label: t(`${prefix}.${value}` as Key) })),
  };
}

const said = (negate: boolean) => (negate ? "rules.compareNot" : "rules.compare");

export function textCompare(negate: boolean, more: readonly string[] = []): Place {
  return choice(said(negate), [...more, ...TEXTS]);
}

export function numberCompare(negate: boolean): Place {
  return choice(said(negate), NUMBERS);
}

export const text: Place = { type: "text", most: 500 };
export const minute: Place = { type: "time" };
export const number = (from: number, to: number): Place => ({ type: "number", from, to });

export const zone: Place = {
  type: "choice",
  options: () => [
    { value: "", label: t("rules.companyZone") },
    ...["UTC", ...Intl.supportedValuesOf("timeZone")].map((value) => ({
      value,
      label: t("rules.inZone", { zone: value }),
    })),
  ],
};

const named = (all: Iterable<{ id: string; name: string }>): Option[] =>
  [...all].map(({ id, name }) => ({ value: id, label: name })).sort(byLabel);

const byLabel = (one: Option, other: Option) => one.label.localeCompare(other.label, locale());

export const labelPlace: Place = { type: "choice", options: () => named(labels.values()) };
export const channelsPlace: Place = { type: "many", options: () => named(channels.values()) };
export const fieldPlace: Place = {
  type: "choice",
  options: () => [...fields.values()].map((one) => ({ value: one.id, label: inWords(one.label) })),
};

export const hoursPlace: Place = {
  type: "choice",
  options: () => [
    { value: null, label: t("rules.companyHours") },
    ...(hours.value ?? [])
      .filter((one) => !one.is_default)
      .map(({ id, name }) => ({ value: id, label: t("rules.hoursOf", { name }) })),
  ],
};

/** 2024 began on a Monday. */
export const daysPlace: Place = {
  type: "many",
  options: () =>
    [0, 1, 2, 3, 4, 5, 6].map((day) => ({
      value: day,
      label: new Date(2024, 0, day + 1).toLocaleDateString(locale(), { weekday: "long" }),
    })),
};

export const devicesPlace: Place = {
  type: "many",
  options: () =>
    (["desktop", "tablet", "mobile"] as const).map((value) => ({ value, label: t(`rules.device.${value}`) })),
};

const LANGUAGES =
  "ar bg bn ca cs da de de-AT de-CH el en en-GB en-US es et fa fi fr ga he hi hr hu id is it ja ka ko lt lv mk ms mt nb nl pl pt pt-BR ro ru sk sl sq sr sv th tr uk ur vi zh zh-TW";

export const languagesPlace: Place = {
  type: "many",
  options: () =>
    LANGUAGES.split(" ")
      .map((value) => ({ value, label: languageName(value) }))
      .sort(byLabel),
};

/** Codes that name no country. */
const NONE = new Set([
  "EU",
  "EZ",
  "UN",
  "XA",
  "XB",
  "ZZ",
  "QO",
  "SU",
  "DD",
  "YU",
  "FX",
  "BU",
  "TP",
  "ZR",
  "UK",
]);
const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

export const countriesPlace: Place = {
  type: "many",
  options: () => {
    const names = new Intl.DisplayNames([locale()], { type: "region", fallback: "none" });
    return LETTERS.flatMap((one) => LETTERS.map((other) => one + other))
      .filter((code) => !NONE.has(code))
      .flatMap((value) => {
        const label = names.of(value);
        return label ? [{ value, label }] : [];
      })
      .sort(byLabel);
  },
};
