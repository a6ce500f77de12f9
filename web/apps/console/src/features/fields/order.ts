import type { Field } from "@alongside/contract";

/** The ids of all fields after one of those in use has changed places with its neighbour in use. */
export function moved(all: readonly Pick<Field, "id" | "archived_at">[], id: string, step: 1 | -1): string[] {
  const ids = all.map((field) => field.id);
  const inUse = all.filter((field) => !field.archived_at).map((field) => field.id);
  const other = inUse[inUse.indexOf(id) + step];
  if (other === undefined) return ids;
  return ids.map((one) => (one === id ? other : one === other ? id : one));
}

/** An option's value made of its label, different from those there are. */
export function optionValue(label: string, taken: readonly string[]): string {
  const plain = label
    .normalize("NFKD")
    .replace(/ß/g, "ss")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 36);
  const base = plain || "option";
  let value = base;
  for (let count = 2; taken.includes(value); count++) value = `${base}_${count}`;
  return value;
}
