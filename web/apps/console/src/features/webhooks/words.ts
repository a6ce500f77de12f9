import type { Delivery, EventType, Webhook } from "@alongside/contract";
import { t, tryT, type Key } from "../../i18n/index.svelte";

export const EVENTS: readonly EventType[] = [
  "conversation.opened",
  "conversation.status_changed",
  "conversation.assigned",
  "conversation.rated",
  "message.created",
  "message.edited",
  "message.deleted",
  "note.created",
  "note.edited",
  "note.deleted",
  "contact.changed",
  "contact.labelled",
  "contact.merged",
  "contact.erased",
  "ticket.created",
  "ticket.changed",
  "ticket.commented",
];

/** What most want to hear; notes only who asks for them. */
export const USUAL: readonly EventType[] = [
  "conversation.opened",
  "conversation.status_changed",
  "message.created",
];

export const eventName = (type: string) => tryT(`webhooks.event.${type}`) ?? type;
export const eventText = (type: EventType) => t(`webhooks.eventText.${type}` as Key);

/** Why a delivery does not count as received. */
export const errorText = (code: string) => tryT(`webhooks.error.${code}`) ?? code;

/** Why Alongside switched it off, or undefined. */
export function whyOff(hook: Webhook): string | undefined {
  if (hook.off_reason === "gone") return t("webhooks.offGone");
  return hook.off_reason === "failing" ? t("webhooks.offFailing") : undefined;
}

/** Somebody tries it just now. */
export const isUnderWay = (one: Delivery) =>
  one.state === "waiting" && one.attempts > 0 && one.tried_at === null;
