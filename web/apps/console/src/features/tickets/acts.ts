import { uuid7 } from "@alongside/client";
import type { NewTicket, TicketRow } from "@alongside/contract";
import { toast } from "@alongside/ui";
import { t } from "../../i18n/index.svelte";
import { attempt, call } from "../../live/api";
import { go } from "../../shell/router.svelte";

export async function createTicket(ticket: NewTicket): Promise<TicketRow> {
  return call<TicketRow>("POST", "/tickets", ticket);
}

/** In one step: the visitor's last message is the title, conversation and customer are linked. */
export async function createFromConversation(conversationId: string): Promise<void> {
  let made: TicketRow | undefined;
  const ticket = { client_id: uuid7(), conversation_id: conversationId };
  await attempt(async () => (made = await createTicket(ticket)));
  if (!made) return;
  const { number } = made;
  toast(t("ticket.created", { number: String(number) }), "info", {
    label: t("ticket.open"),
    run: () => go(`/tickets/${number}`),
  });
}
