import type { ConversationRow, Status } from "@alongside/contract";
import type { Occasion } from "./settings.svelte";

export interface RowNews {
  row: ConversationRow;
  /** The status before; null for a conversation that has just begun or come into sight: then "assigned" tells of it. */
  wasStatus: Status | null;
  /** The row as it was last known here. */
  before: Pick<ConversationRow, "last_message_at"> | undefined;
  /** The newest `last_message_at` known before, of any row: tells news from old in rows never seen here. */
  newestBefore: string;
  agentId: string;
  teamIds: readonly string[];
}

/** Whether a changed row is worth a sound and a pop-up for this agent, and as what. */
export function occasionOf(news: RowNews): Occasion | null {
  const { row, wasStatus } = news;
  if (row.status !== "unread" || row.preview_author !== "visitor" || !concerns(news)) return null;
  if (wasStatus === null && row.last_seq > 1 && (row.assignee_id ?? row.team_id) !== null) return null;
  if (wasStatus === null || wasStatus === "done") return "newConversation";
  return isMessage(news) ? "newMessage" : null;
}

function isMessage({ row, before, newestBefore }: RowNews): boolean {
  if (before) return row.last_message_at !== before.last_message_at;
  return Date.parse(row.last_message_at) > Date.parse(newestBefore);
}

/** One's own conversations, those of one's teams, and those that nobody has. */
function concerns({ row, agentId, teamIds }: RowNews): boolean {
  if (row.assignee_id !== null) return row.assignee_id === agentId;
  return row.team_id === null || teamIds.includes(row.team_id);
}
