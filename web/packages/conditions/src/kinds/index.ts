/** The kinds of conditions, one file each: a new file here is a new condition. */
import type { Place } from "@alongside/contract";
import type { Condition, Judge, Kind } from "../language";

const found = import.meta.glob<Judge<Condition>>(["./*.ts", "!./index.ts"], {
  eager: true,
  import: "default",
});

export const KINDS = Object.fromEntries(
  Object.entries(found).map(([path, judge]) => [path.slice(2, -3), judge]),
) as Record<Kind, Judge<Condition>>;

/** Where each kind can be known. */
export const PLACES = Object.fromEntries(
  Object.entries(KINDS).map(([kind, { places }]) => [kind, places]),
) as Record<Kind, readonly Place[]>;
