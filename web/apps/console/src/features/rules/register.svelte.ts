import type { Problem, Rule, RuleKind, RuleList, RuleState } from "@alongside/contract";
import { attempt, call } from "../../live/api";
import { client } from "../../live/client.svelte";
import { moved } from "../channels/order/sorting.svelte";

/** The rules of one kind, as long as somebody looks at them. */
export class Register {
  /** Null until they are known. */
  rules = $state.raw<Rule[] | null>(null);
  problems = $state.raw<Record<string, Problem[]>>({});
  failed = $state.raw<unknown>(null);
  #turn = 0;
  #sending: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly kind: RuleKind) {}

  /** Follow them until the returned function is called. */
  start(): () => void {
    void this.read();
    const ends = [
      client().on("rules", ({ kind }) => kind === this.kind && void this.read()),
      client().on("missed", () => void this.read()),
    ];
    return () => ends.forEach((end) => end());
  }

  async read(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const { rules, problems } = await call<RuleList>("GET", `/rules/${this.kind}`);
      if (turn !== this.#turn || this.#sending) return;
      [this.rules, this.problems, this.failed] = [rules, problems, null];
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    }
  }

  async switch(rule: Rule, state: RuleState): Promise<void> {
    await attempt(() => call("PUT", `/rules/${this.kind}/${rule.id}/state`, { state }));
    await this.read();
  }

  /** It lies there at once; what is dragged over many places is told when it has come to rest. */
  move(from: number, to: number): void {
    if (!this.rules) return;
    this.rules = moved(this.rules, from, to);
    clearTimeout(this.#sending);
    this.#sending = setTimeout(() => void this.#order(), 400);
  }

  async #order(): Promise<void> {
    const ids = (this.rules ?? []).map(({ id }) => id);
    const sent = this.#sending;
    await attempt(() => call("PUT", `/rules/${this.kind}/order`, { ids }));
    if (sent === this.#sending) this.#sending = undefined; // else it was put in another order meanwhile
    await this.read();
  }
}
