import type { Attachment, ConversationRow } from "@alongside/contract";
import { t } from "../../i18n/index.svelte";

/** A message as one line of words: its files by name, then what was written. */
export function spoken({ text, attachments }: { text: string; attachments: readonly Attachment[] }): string {
  const files = attachments.map(({ kind, name }) => `${t(`files.kind.${kind}`)} ${name}`);
  return [...files, text].filter(Boolean).join(", ");
}

/** The last message of a conversation, for lists and pop-ups: a message of files alone has no text. */
export function lastLine({ preview, preview_attachment }: ConversationRow): string {
  return preview || t(preview_attachment ? `files.kind.${preview_attachment}` : "change.deleted");
}
