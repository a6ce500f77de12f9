import type { ConditionNode, Facts, PageRule } from "@alongside/contract";
import { nodeOf, settle } from "./nodes";
import type { Memory } from "./memory";

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
  /** What was done on this page. */
  private done = new Set<string>();
  /** Titles of rules that matched on this page and speak of its own events. */
  titles: string[] = [];

  constructor(
    private readonly rules: readonly PageRule[],
    private readonly memory: Pick<Memory, "has" | "add">,
    private readonly evaluate: Evaluate,
  ) {}

  /** The visitor went to another page of a site that does not reload. */
  turn(): void {
    this.done = new Set();
    this.titles = [];
  }

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
    if (this.done.has(id)) return false;
    this.done.add(id);
    this.titles.push(...titles);
    if (often === "always") return true;
    if (this.memory.has(id, often)) return false;
    this.memory.add(id, often);
    return true;
  }
}
