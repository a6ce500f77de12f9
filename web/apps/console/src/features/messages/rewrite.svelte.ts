import type { Pending } from "@alongside/client";
import { client } from "../../live/client.svelte";

interface Rewrite {
  scope: string;
  kind: Pending["kind"];
  text: string;
  attachments: Pending["attachments"];
  quote: number | null;
}

let wanted = $state.raw<Rewrite | null>(null);

/** Take a message that was refused back into the composer, so that nothing typed is lost. */
export function rewrite(pending: Pending): void {
  const { scope, kind, text, attachments, more } = pending;
  wanted = { scope, kind, text, attachments, quote: more?.quote ?? null };
  void client().outbox.discard(pending.id);
}

/** What the composer of a conversation is to take up, once. */
export function takeRewrite(scope: string): Rewrite | null {
  const found = wanted?.scope === scope ? wanted : null;
  if (found) wanted = null;
  return found;
}
