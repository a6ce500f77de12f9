import type { ConditionNode } from "@alongside/contract";

/** What a condition says that does not say it: the server fills this in before it hands a rule to a browser. */
const SILENT: Record<string, object> = {
  group: { match: "all", of: [] },
  opening_hours: { hours_id: null, inside: true },
  current_time: { zone: "" },
  weekday: { zone: "" },
  external_id: { value: "" },
  event: { title: "" },
  field: { value: "" },
};

export function complete(node: ConditionNode): ConditionNode {
  const whole: ConditionNode = Object.assign({ negate: false }, SILENT[node.kind], node);
  return whole.kind === "group" ? { ...whole, of: whole.of.map(complete) } : whole;
}
