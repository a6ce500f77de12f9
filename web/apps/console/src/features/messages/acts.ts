import type { OpenConversation } from "@alongside/client";
import type { Status } from "@alongside/contract";
import { toast } from "@alongside/ui";
import { t } from "../../i18n/index.svelte";
import { attempt } from "../../live/api";
import { contactName } from "../contacts/names";
import { me } from "../session/session.svelte";

/** What agents do with a conversation; a refusal is told in a toast. */

export async function setStatus(conversation: OpenConversation, status: Status): Promise<void> {
  const before = conversation.state.row?.status;
  if (before === status) return;
  const done = await attempt(() => conversation.setStatus(status));
  if (!done || !before) return;
  const undo = { label: t("action.undo"), run: () => void attempt(() => conversation.setStatus(before)) };
  const name = conversation.state.row ? contactName(conversation.state.row.contact) : "";
  toast(t(`status.set.${status}`, { name }), "info", undo, "status");
}

export async function assignToMe(conversation: OpenConversation): Promise<void> {
  await attempt(() => conversation.assign(me().id, null));
}

export async function assign(
  conversation: OpenConversation,
  agentId: string | null,
  teamId: string | null,
): Promise<void> {
  await attempt(() => conversation.assign(agentId, teamId));
}
