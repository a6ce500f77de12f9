/**
 * What a variable stands for; undefined: there is no such variable; null or "": there is, but nothing is known here.
 */
export type Known = (name: string) => string | null | undefined;

/** Variables with a name of their own; `field.KEY` stands for any additional field. */
export const VARIABLES = ["contact.name", "contact.email", "agent.name", "company"] as const;
export type Variable = (typeof VARIABLES)[number];
export const FIELD = "field.";

const PLACE = /\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}/g;

/**
 * `text` with its variables filled in: the value, else the fallback, else nothing. A name that means nothing stays as it
 * stands, for somebody will see it before it is sent. Values are taken as they are: nothing in them is filled in again.
 */
export function fillIn(text: string, known: Known): string {
  return text.replace(PLACE, (whole, name: string, fallback?: string) => {
    const value = known(name);
    return value === undefined ? whole : value?.trim() || (fallback?.trim() ?? "");
  });
}

/** What an editor should be told about the variables of a text, each name once. */
export function remarks(text: string): { unknown: string[]; withoutFallback: string[] } {
  const unknown = new Set<string>();
  const withoutFallback = new Set<string>();
  for (const [, name = "", fallback] of text.matchAll(PLACE)) {
    if (!exists(name)) unknown.add(name);
    else if (!alwaysKnown(name) && !fallback?.trim()) withoutFallback.add(name);
  }
  return { unknown: [...unknown], withoutFallback: [...withoutFallback] };
}

/** Whether the text asks for one of these. */
export function asksFor(text: string, ...starts: string[]): boolean {
  return [...text.matchAll(PLACE)].some(([, name = ""]) => starts.some((start) => name.startsWith(start)));
}

export function exists(name: string): boolean {
  return (VARIABLES as readonly string[]).includes(name) || /^field\.[\w.-]+$/.test(name);
}

/** An agent always has a name, and so has a company that was set up. */
function alwaysKnown(name: string): boolean {
  return name === "agent.name" || name === "company";
}
