import type { ConditionNode, Facts, PageRule } from "@alongside/contract";
import { nodeOf, settle } from "./nodes";
import type { Memory } from "./memory";
import type { Stay } from "./stay";

export type Evaluate = (node: ConditionNode, facts: Facts) => boolean | null;

export interface Outcome {
  /** Of the rules that hold, the last that shows or hides decides; without one the chat is there. */
  hidden: boolean;
  /** Rules that hold since just now and may act. */
  matched: PageRule[];
}

/**
 * Judges the rules of one page in order. To show and to hide last as long as a rule holds; all else is done once, when
 * it begins to hold: on each page, or once in the visit, or once for the visitor.
 */
export class Engine {
  constructor(
    private readonly rules: readonly PageRule[],
    private readonly memory: Pick<Memory, "has" | "add">,
    private readonly stay: Pick<Stay, "done" | "titles">,
    private readonly evaluate: Evaluate,
  ) {}

  judge(facts: Facts, answers: readonly (boolean | null)[], chatOpened: boolean): Outcome {
    let hidden = false;
    const matched: PageRule[] = [];
    for (const rule of this.rules) {
      if (rule.level === "chat" && !chatOpened) continue;
      if (this.evaluate(settle(nodeOf(rule), answers), facts) !== true) continue;
      for (const does of rule.does) if (does !== "open") hidden = does === "hide";
      if (this.mayAct(rule)) matched.push(rule);
    }
    return { hidden, matched };
  }

  private mayAct({ id, often, titles }: PageRule): boolean {
    if (this.stay.done.has(id)) return false;
    this.stay.done.add(id);
    this.stay.titles.push(...titles);
    if (often === "always") return true;
    if (this.memory.has(id, often)) return false;
    this.memory.add(id, often);
    return true;
  }
}
