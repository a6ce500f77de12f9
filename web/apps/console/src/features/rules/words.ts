/** All kinds of conditions in words, and a condition as a sentence with places in it. */
import type { Condition } from "@alongside/conditions";
import { tryT } from "../../i18n/index.svelte";
import { told, type Place, type Words } from "./kind";

const found = import.meta.glob<Words>("./kinds/*.ts", { eager: true, import: "default" });
export const KINDS = Object.values(found).sort((one, other) => one.rank - other.rank);
const byKind = new Map(KINDS.map((one) => [one.kind, one]));

export function wordsOf(condition: Condition): Words | undefined {
  return byKind.get(condition.kind);
}

/** What stands between the places, and the places, in the order of the language. */
export type Part = { text: string } | { name: string; place: Place };

export function sentence(condition: Condition): Part[] {
  const { kind, negate } = condition;
  const places = wordsOf(condition)?.places(condition) ?? {};
  const said = (negate && tryT(`rules.not.${kind}`)) || (tryT(`rules.say.${kind}`) ?? kind);
  return said.split(/(\{\w+\})/).flatMap((part): Part[] => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    const place = name && places[name];
    if (name) return place ? [{ name, place }] : [];
    return part.trim() ? [{ text: part.trim() }] : [];
  });
}

export function valueOf(condition: Condition, name: string): unknown {
  return (condition as unknown as Record<string, unknown>)[name];
}

export function inOneLine(condition: Condition): string {
  return sentence(condition)
    .map((part) => ("text" in part ? part.text : told(part.place, valueOf(condition, part.name))))
    .filter(Boolean)
    .join(" ");
}
