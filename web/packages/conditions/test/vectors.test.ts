import { readFileSync } from "node:fs";
import type { ConditionNode, Facts } from "@alongside/contract";
import { expect, test } from "vitest";
import { evaluate, explain, hasPattern } from "../src";
import { search } from "../src/patterns";
import { complete } from "./complete";

interface Vector {
  name: string;
  node: ConditionNode;
  facts: Facts;
  holds: boolean | null;
}

// The same file that tests/conditions/test_vectors.py reads.
const file = new URL("../../../../tests/conditions/vectors.json", import.meta.url);
const vectors = (JSON.parse(readFileSync(file, "utf8")) as Vector[]).map((each) => ({
  ...each,
  node: complete(each.node),
}));

test.each(vectors)("$name", ({ node, facts, holds }) => {
  expect(evaluate(node, facts, search)).toBe(holds);
  expect(explain(node, facts, search).holds).toBe(holds);
});

test("a pattern that cannot be looked for yet is not known, all else is", () => {
  for (const { node, facts, holds } of vectors.filter(({ node }) => node.kind !== "group"))
    if (!hasPattern(node)) expect(evaluate(node, facts)).toBe(holds);
    else expect([null, false]).toContain(evaluate(node, facts));
});

test("a kind that only a newer server knows is not known", () => {
  const node = { kind: "weather", negate: false } as unknown as ConditionNode;
  expect(evaluate(node, {})).toBe(null);
});
