import type { RuleKind } from "@alongside/contract";

/** The sections of the settings in which the rules stand. */
export const KINDS: readonly RuleKind[] = ["routing", "sla", "action"];

export function kindOf(section: string | null): RuleKind {
  return KINDS.find((kind) => section === `${kind}-rules`) ?? "routing";
}

export function listPath(kind: RuleKind): string {
  return `/settings/${kind}-rules`;
}

/** What stands in the place of a rule's id: the page that tries routing on what was. */
export const SIMULATE = "simulate";

export function rulePath(kind: RuleKind, id: string): string {
  return `${listPath(kind)}/${id}`;
}
