import { HttpError } from "@alongside/client";
import { tryT } from "../../../i18n/index.svelte";
import { explain } from "../../../live/api";
import type { Refused } from "./values";

/** What the server refused, in the reader's language with what the server names; null where it gave no answer. */
export function refusedBy(error: unknown): Refused | null {
  if (!(error instanceof HttpError)) return null;
  const message = tryT(`look.refused.${error.code}`, error.details as Record<string, string | number>);
  return { code: error.code, message: message ?? explain(error) };
}
