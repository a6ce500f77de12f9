import type { ConversationRow, RowTarget, Status } from "@alongside/contract";

interface Change {
  status?: Status;
  assignee_id?: string | null;
  last_seq?: number;
  minute?: number;
  name?: string;
  visitor_seen?: number;
  sla?: RowTarget | null;
}

/** A line of the inbox; `minute` is when its last message came. */
export function row(id: string, change: Change = {}): ConversationRow {
  const { minute = 0, name = `Contact of ${id}`, ...rest } = change;
  const at = new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();
  return {
    id,
    contact: { id: `contact-${id}`, number: 1, name, verified: false, label_ids: [] },
    channel: { id: "channel-1", name: "shop.example", kind: "webchat" },
    status: "unread",
    assignee_id: null,
    team_id: null,
    episode: 1,
    last_seq: 1,
    last_public_seq: 1,
    preview: "",
    preview_author: "visitor",
    preview_attachment: null,
    last_message_at: at,
    created_at: at,
    unread_count: 1,
    waiting_since: at,
    visitor_delivered: 0,
    visitor_seen: 0,
    label_ids: [],
    sla: null,
    ...rest,
  };
}
