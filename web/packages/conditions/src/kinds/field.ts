import type { FieldCondition, FieldFact } from "@alongside/contract";
import { BOTH, compareTexts, known, type Judge, type Search } from "../language";

/**
 * A field of the customer is filled in ("known"), or its value is as wanted. Of several choices one has to be.
 * "at_least" and "at_most" compare numbers as numbers, all else (dates) as text.
 */
export default {
  places: BOTH,
  holds: (condition, { fields }, search) =>
    known(fields, (values) => {
      const found = values[condition.field_id];
      if (found === undefined) return false;
      return condition.compare === "known" || judged(condition, textsOf(found), search);
    }),
} satisfies Judge<FieldCondition>;

/** With a pattern that cannot be looked for yet it is not known. */
function judged(condition: FieldCondition, texts: string[], search: Search | undefined): boolean | null {
  const answers = texts.map((each) => isAsWanted(condition, each, search));
  return answers.includes(true) || (answers.includes(null) ? null : false);
}

function isAsWanted(
  { compare, value }: FieldCondition,
  found: string,
  search: Search | undefined,
): boolean | null {
  if (compare === "at_least") return compared(found, value) >= 0;
  if (compare === "at_most") return compared(found, value) <= 0;
  return compare === "known" || compareTexts({ compare, value }, found, search);
}

function textsOf(found: FieldFact): string[] {
  if (Array.isArray(found)) return found;
  return [typeof found === "number" ? digits(found) : String(found)];
}

/** A number as its digits, never with an exponent. */
function digits(number: number): string {
  if (Number.isInteger(number)) return BigInt(number).toString();
  const [, sign = "", whole = "", part = "", places = ""] =
    /^(-?)(\d+)(?:\.(\d+))?e-(\d+)$/.exec(String(number)) ?? [];
  return places ? `${sign}0.${"0".repeat(Number(places) - 1)}${whole}${part}` : String(number);
}

const NUMBER = /^[+-]?[0-9]{1,15}(\.[0-9]{1,15})?$/;

/** Below, at or above zero, as `one` is below, at or above `other`. */
function compared(one: string, other: string): number {
  if (NUMBER.test(one) && NUMBER.test(other)) return Number(one) - Number(other);
  const [left, right] = [[...one], [...other]]; // by characters, of which one may be two units
  for (let place = 0; place < left.length && place < right.length; place += 1) {
    const difference = (left[place]?.codePointAt(0) ?? 0) - (right[place]?.codePointAt(0) ?? 0);
    if (difference) return difference;
  }
  return left.length - right.length;
}
