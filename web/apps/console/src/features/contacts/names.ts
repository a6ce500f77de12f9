import type { ContactBrief } from "@alongside/contract";
import { t } from "../../i18n/index.svelte";

/** What to call a contact: the name, or "Visitor 1042". */
export function contactName(contact: Pick<ContactBrief, "name" | "number">): string {
  return contact.name?.trim() || t("contact.visitor", { number: String(contact.number) });
}
