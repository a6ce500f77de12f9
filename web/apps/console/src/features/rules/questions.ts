/** What "Test with …" asks: each question reads and writes facts, as text. */
import type { Facts } from "@alongside/contract";
import { type Key, t } from "../../i18n/index.svelte";
import { agents, channels } from "../../live/directory.svelte";
import { session } from "../session/session.svelte";

export interface Question {
  id: string;
  label: () => string;
  type: "text" | "number" | "moment" | "choice";
  options?: () => { value: string; label: string }[];
  /** "" where it is not known. */
  get: (facts: Facts) => string;
  set: (facts: Facts, text: string) => Facts;
}

type NameOf<Value> = {
  [Name in keyof Facts]-?: NonNullable<Facts[Name]> extends Value ? Name : never;
}[keyof Facts];

const label = (name: string) => () => t(`rules.fact.${name}` as Key);
const orNull = (text: string) => (text === "" ? null : text);

/** `empty`: nothing written is known to be nothing. */
export function askText(name: NameOf<string>, empty = false): Question {
  return {
    id: name,
    label: label(name),
    type: "text",
    get: (facts) => facts[name] ?? "",
    set: (facts, text) => ({ ...facts, [name]: empty ? text : orNull(text) }),
  };
}

export function askNumber(name: NameOf<number>): Question {
  return {
    id: name,
    label: label(name),
    type: "number",
    get: (facts) => String(facts[name] ?? ""),
    set: (facts, text) => ({ ...facts, [name]: text === "" ? null : Number(text) }),
  };
}

const yesNo = () => [
  { value: "", label: t("rules.unknown") },
  { value: "yes", label: t("fields.yes") },
  { value: "no", label: t("fields.no") },
];
const asYes = (value: boolean | null | undefined) => (value ? "yes" : value === false ? "no" : "");
const fromYes = (text: string) => (text === "" ? null : text === "yes");

export function askYes(name: NameOf<boolean>): Question {
  return {
    id: name,
    label: label(name),
    type: "choice",
    options: yesNo,
    get: (facts) => asYes(facts[name]),
    set: (facts, text) => ({ ...facts, [name]: fromYes(text) }),
  };
}

/** Whether one thing is among several, each asked by itself. */
export function askAmong(name: "label_ids" | "events", one: string, said: () => string): Question {
  return {
    id: `${name} ${one}`,
    label: said,
    type: "choice",
    options: yesNo,
    get: (facts) => asYes(facts[name]?.includes(one)),
    set: (facts, text) => {
      const others = (facts[name] ?? []).filter((each) => each !== one);
      return { ...facts, [name]: text === "" ? null : text === "yes" ? [...others, one] : others };
    },
  };
}

export const askMoment: Question = {
  id: "at",
  label: label("at"),
  type: "moment",
  get: (facts) => (facts.at ? local(new Date(facts.at)) : ""),
  set: (facts, text) => ({ ...facts, at: text ? new Date(text).toISOString() : null }),
};

/** As an input for date and time wants it, by the reader's own clock. */
function local(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export const askAgents: Question[] = (["online", "available"] as const).map((name) => ({
  id: `agents ${name}`,
  label: label(`agents.${name}`),
  type: "number",
  get: (facts) => String(facts.agents?.[name] ?? ""),
  set: (facts, text) => ({
    ...facts,
    agents: text === "" ? null : { online: 0, available: 0, ...facts.agents, [name]: Number(text) },
  }),
}));

export function askHours(id: string | null, name: string): Question {
  const key = id ?? "";
  return {
    id: `hours ${key}`,
    label: () => t("rules.fact.hours", { name }),
    type: "choice",
    options: yesNo,
    get: (facts) => asYes(facts.hours?.[key]),
    set: (facts, text) => {
      const others = without(facts.hours, key);
      return { ...facts, hours: text === "" ? others : { ...others, [key]: text === "yes" } };
    },
  };
}

function without<Value>(all: Record<string, Value> | null | undefined, name: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(all ?? {}).filter(([one]) => one !== name));
}

export function askField(id: string, name: string): Question {
  return {
    id: `field ${id}`,
    label: () => t("rules.fact.field", { name }),
    type: "text",
    get: (facts) => String(facts.fields?.[id] ?? ""),
    set: (facts, text) => {
      const others = without(facts.fields, id);
      return { ...facts, fields: text === "" ? others : { ...others, [id]: text } };
    },
  };
}

export const askIds: Question = {
  id: "external_ids",
  label: label("external_ids"),
  type: "text",
  get: (facts) => facts.external_ids?.[0] ?? "",
  set: (facts, text) => ({ ...facts, external_ids: text ? [text] : [] }),
};

export const askChannel: Question = {
  id: "channel_id",
  label: label("channel_id"),
  type: "choice",
  options: () => [
    { value: "", label: t("rules.unknown") },
    ...[...channels.values()].map(({ id, name }) => ({ value: id, label: name })),
  ],
  get: (facts) => facts.channel_id ?? "",
  set: (facts, text) => ({ ...facts, channel_id: orNull(text) }),
};

export const askDevice: Question = {
  id: "device",
  label: label("device"),
  type: "choice",
  options: () => [
    { value: "", label: t("rules.unknown") },
    ...(["desktop", "tablet", "mobile"] as const).map((value) => ({
      value,
      label: t(`rules.device.${value}`),
    })),
  ],
  get: (facts) => facts.device ?? "",
  set: (facts, text) => ({ ...facts, device: orNull(text) }),
};

/** As it is at this moment. The clock of the company goes along; how many have room is for the reader to say. */
export function now(): Facts {
  const online = [...agents.values()].filter((agent) => agent.online).length;
  return {
    at: new Date().toISOString(),
    zone: session.workspace.time_zone,
    agents: { online, available: online },
  };
}
