import type { Considered, RoutingDecision } from "@alongside/contract";
import { t } from "../../i18n/index.svelte";
import { agentName } from "../../live/directory.svelte";

/** What came of a decision, and why it was taken, in one sentence or two. */
export function came(decision: RoutingDecision): string {
  const agent = agentName(decision.agent_id) ?? t("agent.former");
  const outcome = t(`routing.outcome.${decision.outcome}`, { agent });
  const rule = decision.rule_name === null ? "" : ` ${t("routing.byRule", { rule: decision.rule_name })}`;
  return `${t(`routing.cause.${decision.cause}`)} ${outcome}${rule}`;
}

/** Everybody who was looked at, once: who was chosen, who else could have been, and who could not. */
export function chosenFirst(decision: RoutingDecision): Considered[] {
  const found = new Map<string, Considered>();
  for (const { considered = [] } of decision.steps)
    for (const one of considered) {
      // Of several actions the best that was found of somebody holds.
      if (found.get(one.agent_id)?.reason !== null) found.set(one.agent_id, one);
    }
  const rank = (one: Considered) => (one.agent_id === decision.agent_id ? 0 : one.reason === null ? 1 : 2);
  return [...found.values()].sort((a, b) => rank(a) - rank(b) || a.open - b.open);
}
