/** What a rule then does, in words. */
import type { PageAction, RoutingAction, RoutingBody, RuleBody, SlaBody } from "@alongside/contract";
import { t } from "../../i18n/index.svelte";
import { agentName, fields, labels, teams } from "../../live/directory.svelte";
import { inWords as fieldInWords } from "../fields/words";
import { messages } from "../systemmessages/messages.svelte";
import { ands } from "./kind";

export function thenInWords(body: RuleBody): string {
  if (body.kind === "sla") return targets(body);
  if (body.kind === "routing") return routing(body);
  if (body.actions.length > 0) return ands(body.actions.map(pageAction));
  return body.type === "analytics" ? t("rules.then.count") : t("rules.then.nothing");
}

function targets(body: SlaBody): string {
  const parts = (["first", "second", "resolution"] as const).flatMap((name) => {
    const seconds = body[`${name}_seconds`];
    return seconds === null ? [] : [t(`rules.then.${name}`, { time: duration(seconds) })];
  });
  return parts.length > 0 ? ands(parts) : t("rules.then.nothing");
}

/** "5 min", "2 h", "3 d": the largest unit in which it is a whole number. */
export function duration(seconds: number): string {
  const unit = unitOf(seconds);
  return t(`rules.unit.${unit}`, { count: seconds / UNITS[unit] });
}

export const UNITS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const;
export type Unit = keyof typeof UNITS;

export function unitOf(seconds: number): Unit {
  const units: Unit[] = ["days", "hours", "minutes"];
  return units.find((unit) => seconds > 0 && seconds % UNITS[unit] === 0) ?? "seconds";
}

function routing({ actions, fallbacks }: RoutingBody): string {
  if (actions.length === 0) return t("rules.then.nothing");
  const said = actions.map(routingAction).join(t("rules.then.next"));
  return fallbacks.length > 0 ? t("rules.then.withFallbacks", { said, count: fallbacks.length }) : said;
}

function routingAction(action: RoutingAction): string {
  if (action.kind === "tell") {
    const name = messages.value?.find(({ id }) => id === action.system_message_id)?.name;
    return t("rules.then.tell", { name: name ?? t("rules.gone") });
  }
  const whom = target(action);
  if (action.kind === "route") return t("rules.then.route", { whom });
  return t("rules.then.queue", { whom, minutes: action.minutes });
}

export function target(of: { agent_id: string | null; team_id: string | null; tag: string | null }): string {
  if (of.agent_id) return agentName(of.agent_id) ?? t("rules.gone");
  if (of.team_id) return t("rules.then.team", { name: teams.get(of.team_id)?.name ?? t("rules.gone") });
  return of.tag ? t("rules.then.tag", { name: of.tag }) : t("rules.then.anybody");
}

function pageAction(action: PageAction): string {
  switch (action.kind) {
    case "show":
    case "hide":
    case "open":
      return t(`rules.then.${action.kind}`);
    case "message":
      return t("rules.then.message", { text: someText(action.texts) });
    case "say":
      return t("rules.then.say", {
        name: agentName(action.agent_id) ?? t("rules.gone"),
        text: someText(action.texts),
      });
    case "label":
      return t("rules.then.label", { name: labels.get(action.label_id)?.name ?? t("rules.gone") });
    case "field": {
      const field = fields.get(action.field_id);
      const name = field ? fieldInWords(field.label) : t("rules.gone");
      return t("rules.then.field", { name, value: action.value });
    }
    case "event":
      return t("rules.then.event", { name: action.name });
  }
}

/** Short enough for a list. */
function someText(texts: Record<string, string>): string {
  const text = fieldInWords(texts);
  return text.length > 60 ? `${text.slice(0, 60).trimEnd()}…` : text;
}
