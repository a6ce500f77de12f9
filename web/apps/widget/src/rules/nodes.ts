import type { ConditionNode, PageRule } from "@alongside/contract";

/** A condition that only the server may judge, by the number of its answer. */
export interface Asked {
  kind: "asked";
  asked: number;
  negate: boolean;
}

interface Group {
  kind: "group";
  match: "all" | "any";
  negate: boolean;
  of: Told[];
}

/** Conditions as a page is told of them. */
export type Told = ConditionNode | Group | Asked;

type Leaf = Exclude<Told, Group | { kind: "group" }>;

export const nodeOf = (rule: PageRule): Told => rule.conditions as unknown as Told;

/** The conditions of all groups. */
export function* leaves(node: Told): Generator<Leaf> {
  if (node.kind === "group") for (const each of (node as Group).of) yield* leaves(each);
  else yield node as Leaf;
}

/** With the server's answers in place of what was asked. What has no answer stays, as a kind that nobody knows. */
export function settle(node: Told, answers: readonly (boolean | null)[]): ConditionNode {
  if (node.kind === "group") {
    return { ...node, of: (node as Group).of.map((each) => settle(each, answers)) } as ConditionNode;
  }
  if (node.kind !== "asked") return node;
  const answer = answers[node.asked];
  if (answer === null || answer === undefined) return node as unknown as ConditionNode;
  return { kind: "group", match: answer ? "all" : "any", negate: node.negate, of: [] } as ConditionNode;
}
