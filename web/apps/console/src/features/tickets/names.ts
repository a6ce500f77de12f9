import type { TicketRow } from "@alongside/contract";
import { t } from "../../i18n/index.svelte";
import { agentName, agents, teams } from "../../live/directory.svelte";
import { me } from "../session/session.svelte";

/** A line of a choice of agents and teams: "agent:ID", "team:ID", or "" for nobody. */
export interface Holder {
  value: string;
  label: string;
}

/** Who can be given a ticket; `held` is shown also where it was deactivated since. */
export function holders(held = ""): Holder[] {
  const people = [...agents.values()]
    .filter((agent) => agent.active || `agent:${agent.id}` === held)
    .sort(
      (a, b) =>
        Number(b.id === me().id) - Number(a.id === me().id) || a.display_name.localeCompare(b.display_name),
    )
    .map((agent) => ({
      value: `agent:${agent.id}`,
      label: agent.id === me().id ? `${agent.display_name} ${t("assign.you")}` : agent.display_name,
    }));
  const groups = [...teams.values()]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((team) => ({ value: `team:${team.id}`, label: t("ticket.teamIs", { name: team.name }) }));
  return [...people, ...groups];
}

export function holderOf(row: Pick<TicketRow, "assignee_id" | "team_id">): string {
  return row.assignee_id ? `agent:${row.assignee_id}` : row.team_id ? `team:${row.team_id}` : "";
}

/** What a choice among `holders` means to the server. */
export function assignmentOf(holder: string): { assignee_id: string | null; team_id: string | null } {
  const [kind, id = null] = holder.split(":");
  return { assignee_id: kind === "agent" ? id : null, team_id: kind === "team" ? id : null };
}

export function holderName(row: Pick<TicketRow, "assignee_id" | "team_id">): string | null {
  if (row.assignee_id) return agentName(row.assignee_id) ?? t("agent.former");
  return row.team_id ? (teams.get(row.team_id)?.name ?? t("ticket.formerTeam")) : null;
}
