import type { OpenConversation } from "@alongside/client";
import type { MessageEntry, NoteEntry } from "@alongside/contract";

interface Place {
  scope: string;
  seq: number;
  note: boolean;
}

let quoted = $state.raw<Place | null>(null);

/** The message that the next one of this conversation answers to. A note is quoted in notes alone. */
export function quotedIn(scope: string, inNote: boolean): number | null {
  return quoted?.scope === scope && (inNote || !quoted.note) ? quoted.seq : null;
}

/** Is a note quoted, so that the answer must be one? */
export function quotesNote(scope: string): boolean {
  return quoted?.scope === scope && quoted.note;
}

export function quote(scope: string, seq: number, note: boolean): void {
  quoted = { scope, seq, note };
}

export function unquote(): void {
  quoted = null;
}

/** What was taken back into the composer answered to this; what was chosen there since stays. */
export async function quoteAgain(conversation: OpenConversation, seq: number): Promise<void> {
  const entry = await original(conversation, seq);
  if (entry && quotedIn(conversation.id, true) === null) quote(conversation.id, seq, entry.kind === "note");
}

export type Quotable = MessageEntry | NoteEntry;

/** The message with a number, from what is loaded or else from the server; null where it cannot be read. */
export async function original(conversation: OpenConversation, seq: number): Promise<Quotable | null> {
  const known = conversation.state.entries.find((entry) => entry.seq === seq);
  const entry = known ?? (await conversation.entry(seq).catch(() => null));
  return entry && (entry.kind === "message" || entry.kind === "note") ? entry : null;
}
