import type { OpenConversation } from "@alongside/client";
import type { ConversationRow, Status } from "@alongside/contract";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import Download from "@lucide/svelte/icons/download";
import Ticket from "@lucide/svelte/icons/ticket";
import PanelRight from "@lucide/svelte/icons/panel-right";
import Pencil from "@lucide/svelte/icons/pencil";
import StickyNote from "@lucide/svelte/icons/sticky-note";
import User from "@lucide/svelte/icons/user";
import Users from "@lucide/svelte/icons/users";
import { t } from "../../i18n/index.svelte";
import { agents, teams } from "../../live/directory.svelte";
import type { Command } from "../../shell/commands.svelte";
import { caps } from "../../shell/shortcuts.svelte";
import { contactName } from "../contacts/names";
import { may, me } from "../session/session.svelte";
import { createFromConversation } from "../tickets/acts";
import { exportTranscript, FORMATS, formatName } from "../transcripts/export";
import { assign, setStatus } from "./acts";

const KEYS: Partial<Record<Status, string>> = { done: "e", unresolved: "u" };

/** What the command bar offers for the conversation in front. */
export function conversationCommands(conversation: OpenConversation, row: ConversationRow): Command[] {
  const group = contactName(row.contact);
  const statuses = (["done", "unresolved", "unread"] as const)
    .filter((status) => status !== row.status)
    .map((status) => ({
      id: `status-${status}`,
      label: t(`status.make.${status}`),
      group,
      icon: CircleCheck,
      keys: KEYS[status] && caps(KEYS[status]),
      run: () => void setStatus(conversation, status),
    }));
  const ticket = {
    id: "create-ticket",
    label: t("ticket.create"),
    group,
    icon: Ticket,
    run: () => void createFromConversation(row.id),
  };
  return [
    ...(may("conversations.reply") ? statuses : []),
    ...(may("tickets.manage") ? [ticket] : []),
    ...(may("conversations.reply") && may("conversations.assign")
      ? assignments(conversation, row, group)
      : []),
    ...(may("conversations.export") ? exports(row, group) : []),
  ];
}

/** Turn to the composer, or show and hide the details. */
export function writingCommands(
  row: ConversationRow,
  write: (to: "reply" | "note") => void,
  details: () => void,
): Command[] {
  const group = contactName(row.contact);
  const toggle = {
    id: "details",
    label: t("details.toggle"),
    group,
    icon: PanelRight,
    keys: caps("d"),
    run: details,
  };
  if (!may("conversations.reply")) return [toggle];
  return [
    {
      id: "reply",
      label: t("composer.reply"),
      group,
      icon: Pencil,
      keys: caps("r"),
      run: () => write("reply"),
    },
    {
      id: "note",
      label: t("composer.note"),
      group,
      icon: StickyNote,
      keys: caps("n"),
      run: () => write("note"),
    },
    toggle,
  ];
}

function exports(row: ConversationRow, group: string): Command[] {
  return FORMATS.map((format) => ({
    id: `export-${format}`,
    label: t("transcript.exportAs", { format: formatName(format) }),
    group,
    icon: Download,
    run: () => void exportTranscript(row.id, format, false),
  }));
}

function assignments(conversation: OpenConversation, row: ConversationRow, group: string): Command[] {
  const people = [...agents.values()]
    .filter((agent) => agent.active && agent.id !== row.assignee_id)
    .sort((a, b) => Number(b.id === me().id) - Number(a.id === me().id))
    .map((agent) => ({
      id: `assign-${agent.id}`,
      label: agent.id === me().id ? t("assign.toMe") : t("assign.to", { name: agent.display_name }),
      group,
      icon: User,
      keys: agent.id === me().id ? caps("i") : undefined,
      run: () => void assign(conversation, agent.id, null),
    }));
  const groups = [...teams.values()].map((team) => ({
    id: `assign-${team.id}`,
    label: t("assign.to", { name: team.name }),
    group,
    icon: Users,
    run: () => void assign(conversation, null, team.id),
  }));
  const nobody = { id: "assign-nobody", label: t("assign.remove"), group, icon: User };
  const held = row.assignee_id !== null || row.team_id !== null;
  return [
    ...people,
    ...groups,
    ...(held ? [{ ...nobody, run: () => void assign(conversation, null, null) }] : []),
  ];
}
