/** A rule as one sentence, for the list. */
import type { ConditionGroup, ConditionNode } from "@alongside/contract";
import { t } from "../../i18n/index.svelte";
import { ands, ors } from "./kind";
import { inOneLine } from "./words";

export function inWords(group: ConditionGroup): string {
  return group.of.length === 0 ? t("rules.always") : t("rules.if", { conditions: nodes(group) });
}

function nodes({ match, negate, of }: ConditionGroup): string {
  const parts = of.map(node);
  const all = match === "all" ? ands(parts) : ors(parts);
  return negate ? t("rules.notThat", { conditions: all }) : all;
}

function node(one: ConditionNode): string {
  if (one.kind === "group") return one.of.length === 1 && !one.negate ? nodes(one) : `(${nodes(one)})`;
  return inOneLine(one);
}
