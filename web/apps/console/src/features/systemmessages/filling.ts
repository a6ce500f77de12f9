/** What a system message may hold. The server has the last word (alongside/domains/systemmessages/logic.py). */
export const PLACEHOLDERS = ["name", "agent", "place", "minutes", "company", "opens_at"] as const;

export type Placeholder = (typeof PLACEHOLDERS)[number];

const PLACEHOLDER = /\{ *([A-Za-z_]+) *(?:\|([^{}]*))?\}/g;
const GAP = /[ \t]+(?=[,.;:!?…]|$)|(?<=[ \t])[ \t]+/gm;

/** A text with values put in; what is not known gives way to its fallback. */
export function filled(text: string, values: Partial<Record<Placeholder, string>>): string {
  const put = (_: string, name: string, otherwise?: string) =>
    values[name as Placeholder] || (otherwise ?? "").trim();
  return text.replace(PLACEHOLDER, put).replace(GAP, "").trim();
}

/** The first placeholder in a text that does not exist. */
export function unknownIn(text: string): string | null {
  const names = [...text.matchAll(PLACEHOLDER)].map((found) => found[1] ?? "");
  return names.find((name) => !(PLACEHOLDERS as readonly string[]).includes(name)) ?? null;
}
