import { call } from "../../live/api";

let known = $state.raw<readonly string[]>([]);

/** Labels in use, the commonest first: what is offered while one types. */
export function knownLabels(): readonly string[] {
  return known;
}

export async function readLabels(): Promise<void> {
  known = await call<string[]>("GET", "/tickets/labels").catch(() => known);
}

/** What was typed, as labels: cut at commas, empties left out. */
export function splitLabels(typed: string): string[] {
  return typed
    .split(",")
    .map((label) => label.trim())
    .filter(Boolean);
}
