import type { OpenConversation } from "@alongside/client";
import type { Author } from "@alongside/contract";
import { clock } from "../../live/clock.svelte";
import { may, me, session } from "../session/session.svelte";

interface Place {
  scope: string;
  seq: number;
}

let edited = $state.raw<Place | null>(null);

/** Is this message being edited in this page? One at a time is. */
export function isEdited(scope: string, seq: number | null): boolean {
  return edited !== null && edited.scope === scope && edited.seq === seq;
}

export function startEditing(scope: string, seq: number): void {
  edited = { scope, seq };
}

export function stopEditing(): void {
  edited = null;
}

interface Written {
  author: Author;
  at: string;
  deleted_at: string | null;
}

/** One's own, not deleted, and there is still time. The server has the last word. */
export function mayChange({ author, at, deleted_at }: Written): boolean {
  const until = Date.parse(at) + session.workspace.edit_minutes * 60_000;
  return author.id === me().id && !deleted_at && clock() < until && may("conversations.reply");
}

/** Edit what one wrote last here. False where that is too long ago, or somebody else wrote since. */
export function editLast({ id, state }: OpenConversation): boolean {
  const last = state.entries.findLast((entry) => entry.kind === "message" || entry.kind === "note");
  if (!last || (last.kind !== "message" && last.kind !== "note")) return false;
  if (!mayChange(last) || (last.kind === "message" && last.cards.length > 0)) return false;
  startEditing(id, last.seq);
  return true;
}
