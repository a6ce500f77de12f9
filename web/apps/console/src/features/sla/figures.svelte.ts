import type { SlaStatistics, TargetCount } from "@alongside/contract";
import { call } from "../../live/api";

/** What became of the targets of SLA rules in the last thirty days, by the rule's id. */
export class Figures {
  /** Null until they are known, and where they cannot be read: the list of rules stands without them. */
  rules = $state.raw<ReadonlyMap<string, TargetCount[]> | null>(null);

  async read(): Promise<void> {
    const answer = await call<SlaStatistics>("GET", "/sla/statistics").catch(() => null);
    if (answer) this.rules = new Map(answer.rules.map((each) => [each.rule_id, each.counts]));
  }
}

/** Over all kinds of targets. */
export function summed(counts: readonly TargetCount[]): Record<"matched" | "met" | "missed", number> {
  const sum = { matched: 0, met: 0, missed: 0 };
  for (const each of counts) {
    sum.matched += each.matched;
    sum.met += each.met;
    sum.missed += each.missed;
  }
  return sum;
}
