import type { Rule, Simulate, Simulation } from "@alongside/contract";
import { call } from "../../live/api";
import { clock } from "../../live/clock.svelte";
import { isDay, shift, todayIn } from "../../shell/days";
import { zone } from "../reports/zone";
import { Register } from "../rules/register.svelte";

const KEPT_DAYS = 90;

/** A result, and what was asked for it: the form may say something else by now. */
export interface Replay {
  /** Null: the last ones. */
  day: string | null;
  found: Simulation;
}

/** Which past decisions, through which rules; and what came of it. */
export class Simulator {
  readonly register = new Register("routing");
  period = $state<"day" | "last">("day");
  day = $state(shift(todayIn(zone(), clock()), -1));
  last = $state(200);
  replay = $state.raw<Replay | null>(null);
  failed = $state.raw<unknown>(null);
  busy = $state(false);
  /** Where it was said otherwise than by the rule's state. */
  #ticked = $state<Record<string, boolean>>({});

  get rules(): Rule[] {
    return this.register.rules ?? [];
  }

  /** Why this day cannot be taken: none of the calendar, or longer ago than the server keeps how the agents were. */
  get dayProblem(): "simulate.badDay" | "error.day-too-old" | null {
    if (!isDay(this.day)) return "simulate.badDay";
    return this.day < this.oldest ? "error.day-too-old" : null;
  }

  get oldest(): string {
    return shift(todayIn(zone(), clock()), -KEPT_DAYS);
  }

  get ready(): boolean {
    return this.register.rules !== null && (this.period === "last" || this.dayProblem === null);
  }

  takes(rule: Rule): boolean {
    return this.#ticked[rule.id] ?? rule.state === "on";
  }

  tick(rule: Rule, on: boolean): void {
    this.#ticked[rule.id] = on;
  }

  async run(): Promise<void> {
    if (this.busy || !this.ready) return;
    this.busy = true;
    const day = this.period === "day" ? this.day : null;
    try {
      const found = await call<Simulation>("POST", "/routing/simulate", this.#asked(day));
      [this.replay, this.failed] = [{ day, found }, null];
    } catch (error) {
      [this.replay, this.failed] = [null, error];
    }
    this.busy = false;
  }

  #asked(day: string | null): Simulate {
    const rules = this.rules
      .filter((rule) => this.takes(rule))
      .map(({ name, conditions, body }) => ({ name, conditions, body, state: "on" as const }));
    return day ? { rules, day } : { rules, last: this.last };
  }
}
