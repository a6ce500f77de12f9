import { t, tryT } from "../../i18n/index.svelte";
import type { AuditEntry } from "@alongside/contract";

export interface Detail {
  /** Null where the value speaks for itself. */
  label: string | null;
  text: string;
  /** Below the console's base. */
  path?: string;
}

type Data = Record<string, unknown>;

/** What holds fields of its own; any other record is one text per language. */
const NESTED = new Set(["values", "settings", "filters"]);

export const typeName = (type: string) => tryT(`auditType.${type}`) ?? type;

/** What an entry tells besides who, when and which type: names in the reader's words; ids only as links. */
export function detailsOf({ data }: Pick<AuditEntry, "data">): Detail[] {
  return [...customer(data), ...Object.entries(data).flatMap(([name, value]) => detail(name, value, data))];
}

function customer(data: Data): Detail[] {
  if (data["customer_id"] === undefined) return [];
  const text = String(data["customer"] ?? t("contact.visitor", { number: String(data["customer_number"]) }));
  const id = data["conversation_id"];
  return [{ label: null, text, ...(typeof id === "string" ? { path: `/inbox/${id}?folder=all` } : {}) }];
}

function detail(name: string, value: unknown, data: Data): Detail[] {
  const hidden = name.endsWith("_id") || name.startsWith("customer") || name === "seq";
  const unchanged = name.startsWith("was_") && same(value, data[name.slice("was_".length)]);
  if (hidden || unchanged || value === null || value === "" || (Array.isArray(value) && value.length === 0))
    return [];
  if (isRecord(value) && NESTED.has(name))
    return Object.entries(value).flatMap(([inner, one]) => detail(inner, one, data));
  if (name === "other_number")
    return [{ label: t("auditField.other_number"), text: t("contact.visitor", { number: String(value) }) }];
  return [{ label: tryT(`auditField.${name}`) ?? name, text: words(name.replace(/^was_/, ""), value) }];
}

function words(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => words(name, one)).join(", ");
  if (isRecord(value))
    return Object.values(value)
      .map((one) => words(name, one))
      .join(", ");
  const text = String(value);
  const kinds: Record<string, string> = {
    status: "folder",
    permissions: "permission",
    sees: "sight",
    change: "auditChange",
    fields: "auditField",
    area: "auditArea",
    report: "auditReport",
  };
  return tryT(`${kinds[name]}.${text}`) ?? text;
}

const isRecord = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
