import type { ConditionGroup, ConditionsTried, Facts, Problem, RuleKind, Verdict } from "@alongside/contract";
import { call, explain } from "../../live/api";
import { now } from "./questions";

const PAUSE_MS = 300;

/** What the server says of conditions while they are written: what is wrong, and what they come to by given facts. */
export class Trial {
  facts = $state.raw<Facts>(now());
  problems = $state.raw<Problem[]>([]);
  verdict = $state.raw<Verdict | null>(null);
  failed = $state("");
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(private readonly kind: RuleKind) {}

  /** Ask once nothing has changed for a moment. */
  ask(conditions: ConditionGroup, facts: Facts): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(conditions, { facts }), PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Take over what is known of a conversation, whatever is tried meanwhile; from there it can be changed by hand. */
  async from(conditions: ConditionGroup, conversationId: string): Promise<boolean> {
    const answer = await this.#send(conditions, { conversation_id: conversationId });
    if (answer) this.facts = answer.facts;
    return answer !== null;
  }

  async #send(conditions: ConditionGroup, by: Record<string, unknown>): Promise<ConditionsTried | null> {
    const turn = ++this.#turn;
    const place = this.kind === "action" ? "browser" : "server";
    try {
      const answer = await call<ConditionsTried>("POST", "/rules/try", { conditions, place, ...by });
      if (turn === this.#turn)
        [this.problems, this.verdict, this.failed] = [answer.problems, answer.verdict, ""];
      return answer;
    } catch (error) {
      if (turn === this.#turn) [this.verdict, this.failed] = [null, explain(error)];
      return null;
    }
  }
}
