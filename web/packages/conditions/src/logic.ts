/**
 * Judging conditions. Three-valued: where facts do not tell, a node is null, negated too; "all" is already false with
 * one that does not hold, "any" already true with one that does.
 */
import type { ConditionGroup, ConditionNode, Facts, Verdict } from "@alongside/contract";
import { KINDS } from "./kinds";
import type { Condition, Judge, Search } from "./language";

/** Whether a node holds; null where the facts do not tell. Patterns are not known without `search`. */
export function evaluate(node: ConditionNode, facts: Facts, search?: Search): boolean | null {
  const holds =
    node.kind === "group"
      ? together(node, (each) => evaluate(each, facts, search))
      : judge(node, facts, search);
  return holds === null ? null : holds !== node.negate;
}

/** The same, node by node. */
export function explain(node: ConditionNode, facts: Facts, search?: Search): Verdict {
  const of = node.kind === "group" ? node.of.map((each) => explain(each, facts, search)) : [];
  return { kind: node.kind, holds: evaluate(node, facts, search), of };
}

/** Whether a condition anywhere in it is a pattern: only then `@alongside/conditions/patterns` has to be loaded. */
export function hasPattern(node: ConditionNode): boolean {
  if (node.kind === "group") return node.of.some(hasPattern);
  return "compare" in node && node.compare === "pattern";
}

function together(
  { match, of }: ConditionGroup,
  judged: (node: ConditionNode) => boolean | null,
): boolean | null {
  const decisive = match === "any";
  let unknown = false;
  for (const node of of) {
    const part = judged(node);
    if (part === decisive) return decisive;
    unknown ||= part === null;
  }
  return unknown ? null : !decisive;
}

/** A kind that a newer server knows and this code does not is not known. */
function judge(condition: Condition, facts: Facts, search: Search | undefined): boolean | null {
  const kind = KINDS[condition.kind] as Judge<Condition> | undefined;
  return kind ? kind.holds(condition, facts, search) : null;
}
