import type { ContactDetails, ConversationRow } from "@alongside/contract";
import { call } from "../../live/api";
import { fields } from "../../live/directory.svelte";
import { shown } from "../fields/words";
import { me, session } from "../session/session.svelte";
import { FIELD, type Known } from "./variables";

const contacts = new Map<string, Promise<ContactDetails | null>>();
const FRESH_MS = 60_000;

/** The contact as the details column knows it; asked for at most once a minute. Null where no answer came. */
export function contactOf(row: ConversationRow): Promise<ContactDetails | null> {
  const known = contacts.get(row.contact.id);
  if (known) return known;
  const asked = call<ContactDetails>("GET", `/contacts/${row.contact.id}`).catch(() => null);
  contacts.set(row.contact.id, asked);
  setTimeout(() => contacts.delete(row.contact.id), FRESH_MS);
  return asked;
}

/** What variables stand for in a conversation. Additional fields that nobody has filled in are known, but empty. */
export function knownIn(row: ConversationRow, details: ContactDetails | null): Known {
  const values = new Map<string, string | null>([
    ["contact.name", row.contact.name],
    ["contact.email", details?.contact.email ?? details?.contact.claims?.email ?? null],
    ["agent.name", me().display_name],
    ["company", session.workspace.name],
  ]);
  return (name) =>
    name.startsWith(FIELD) ? fieldValue(name.slice(FIELD.length), details) : values.get(name);
}

function fieldValue(key: string, details: ContactDetails | null): string | null {
  const field = [...fields.values()].find((one) => one.key === key);
  const value = details?.fields.find((one) => one.field_id === field?.id)?.value ?? null;
  return field && value !== null ? shown(field, value) : null;
}
