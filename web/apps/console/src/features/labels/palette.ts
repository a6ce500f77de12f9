import type { Label, LabelColour } from "@alongside/contract";

/** In the order in which they are offered. */
export const COLOURS: readonly LabelColour[] = [
  "grey",
  "red",
  "orange",
  "yellow",
  "green",
  "teal",
  "blue",
  "purple",
  "pink",
];

/** The labels of these ids that there still are, by name. */
export function named(ids: readonly string[], known: ReadonlyMap<string, Label>): Label[] {
  return ids
    .map((id) => known.get(id))
    .filter((label) => label !== undefined)
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The colour that the fewest labels have, so that new ones differ. */
export function freshColour(known: Iterable<Label>): LabelColour {
  const count = new Map<LabelColour, number>(COLOURS.map((colour) => [colour, 0]));
  for (const label of known) count.set(label.colour, (count.get(label.colour) ?? 0) + 1);
  return COLOURS.slice(1).reduce((best, colour) =>
    (count.get(colour) ?? 0) < (count.get(best) ?? 0) ? colour : best,
  );
}
