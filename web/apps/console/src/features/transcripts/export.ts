import { t, locale } from "../../i18n/index.svelte";
import { attempt } from "../../live/api";
import { save } from "../../live/save";

export const FORMATS = ["csv", "html", "pdf"] as const;
export type Format = (typeof FORMATS)[number];

/** Save the conversation as a file; `inside` with what only the team may see. A refusal is told in a toast. */
export async function exportTranscript(id: string, format: Format, inside: boolean): Promise<void> {
  const query = new URLSearchParams({
    format,
    inside: String(inside),
    locale: locale() === "de" ? "de" : "en",
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  await attempt(() => save(`/conversations/${id}/transcript?${query}`));
}

export function formatName(format: Format): string {
  return t(`transcript.${format}`);
}
