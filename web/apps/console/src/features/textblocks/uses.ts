import { call } from "../../live/api";
import { stillIn } from "./trigger";

interface Inserted {
  id: string;
  text: string;
}

const REMEMBERED = 50;

/** What was inserted where and has not been sent yet, by conversation. */
const waiting = new Map<string, Inserted[]>();

export function inserted(conversation: string, id: string, text: string): void {
  waiting.set(conversation, [...(waiting.get(conversation) ?? []), { id, text }].slice(-REMEMBERED));
}

/** A message was sent: count the blocks of which something is left in it. A count that does not arrive is no harm. */
export function sent(conversation: string, message: string): void {
  const all = waiting.get(conversation) ?? [];
  const ids = all.filter((one) => stillIn(message, one.text)).map((one) => one.id);
  if (ids.length === 0) return;
  waiting.set(
    conversation,
    all.filter((one) => !stillIn(message, one.text)),
  );
  void call("POST", "/text-blocks/uses", { ids }).catch(() => undefined);
}
