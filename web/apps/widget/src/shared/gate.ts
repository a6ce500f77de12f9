import type { Gate } from "@alongside/contract";

/** What the widget is at a moment: as always, a message in its place, a form, or nothing. */
export type Mode = "open" | "message" | "form" | "hide";

export interface Standing {
  open: boolean;
  /** When it opens or closes next, in milliseconds of the server's clock; null when nobody knows. */
  turnsAt: number | null;
}

/** Whether it is open at `now`, milliseconds of the server's clock. */
export function standing(gate: Gate, now: number): Standing {
  const passed = gate.changes.filter((at) => Date.parse(at) <= now).length;
  const next = gate.changes[passed];
  return { open: gate.open === (passed % 2 === 0), turnsAt: next ? Date.parse(next) : null };
}

export function mode(gate: Gate, online: boolean, now: number): Mode {
  if (!standing(gate, now).open) return gate.outside;
  return online ? "open" : gate.nobody;
}
