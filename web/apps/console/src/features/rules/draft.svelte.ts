import { HttpError } from "@alongside/client";
import type { ConditionGroup, Rule, RuleBody, RuleKind, RuleState } from "@alongside/contract";
import { call } from "../../live/api";

/** A rule that is not there yet. */
export function freshRule(kind: RuleKind): Rule {
  return {
    id: "",
    kind,
    name: "",
    state: "draft",
    position: 0,
    conditions: { kind: "group", match: "all", negate: false, of: [] },
    body: freshBody(kind),
    version: 0,
    updated_at: "",
    updated_by: null,
  };
}

function freshBody(kind: RuleKind): RuleBody {
  if (kind === "routing") return { kind, medium: "webchat", actions: [], fallbacks: [], react_seconds: null };
  if (kind === "action")
    return { kind, type: "webchat", level: "page", often: "visit", channel_ids: [], actions: [] };
  return {
    kind,
    first_seconds: 300,
    second_seconds: null,
    resolution_seconds: null,
    clock: "open",
    hours_id: null,
    warn_percent: 80,
    team_id: null,
  };
}

/** A rule being written. What a colleague saves meanwhile is never taken over what was written here. */
export class RuleDraft {
  name = $state("");
  conditions = $state<ConditionGroup>({ kind: "group", match: "all", negate: false, of: [] });
  body = $state<RuleBody>(freshBody("sla"));
  /** As the server knows it. */
  known = $state.raw<Rule>(freshRule("sla"));
  /** What a colleague has saved while something was written here. */
  theirs = $state.raw<Rule | null>(null);
  /** The rule was deleted meanwhile. */
  gone = $state(false);

  readonly dirty = $derived(this.written !== of(this.known));

  constructor(rule: Rule) {
    this.take(rule);
  }

  get written(): string {
    return of({ name: this.name, conditions: this.conditions, body: this.body });
  }

  take(rule: Rule): void {
    this.known = rule;
    this.theirs = null;
    this.name = rule.name;
    this.conditions = structuredClone(rule.conditions);
    this.body = structuredClone(rule.body);
  }

  /** Something has changed on the server. */
  async meet(): Promise<void> {
    if (!this.known.id) return;
    try {
      const now = await call<Rule>("GET", `/rules/${this.known.kind}/${this.known.id}`);
      if (now.version <= this.known.version) return;
      if (of(now) === this.written || !this.dirty) this.take(now);
      else this.theirs = now;
    } catch (error) {
      if (error instanceof HttpError && error.status === 404) this.gone = true;
    }
  }

  /** Throws where the server refuses. A rule that is gone is made again. What is changed while it is saved stays. */
  async save(state: RuleState, over: Rule = this.known): Promise<Rule> {
    const { kind, id } = this.known;
    const fresh = !id || this.gone;
    const sent = this.written;
    const body = { ...JSON.parse(sent), state, version: fresh ? null : over.version };
    const path = fresh ? `/rules/${kind}` : `/rules/${kind}/${id}`;
    const saved = await call<Rule>(fresh ? "POST" : "PUT", path, body);
    this.gone = false;
    if (this.written === sent) this.take(saved);
    else [this.known, this.theirs] = [saved, null];
    return saved;
  }
}

function of({ name, conditions, body }: Pick<Rule, "name" | "conditions" | "body">): string {
  return JSON.stringify({ name: name.trim(), conditions, body });
}
