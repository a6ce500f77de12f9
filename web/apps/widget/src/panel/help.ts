import type { HelpFound, HelpIndex, HelpPage } from "@alongside/contract";
import de from "../texts/help/de.json";
import en from "../texts/help/en.json";
import { textsOf } from "./part-texts";
import type { Words } from "./texts";

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);
const OURS = /^\/help\/([a-z0-9-]+)$/;

/** The help centre's words in the reader's language. They come with it, not with the panel. */
export const helpTexts = (words: Words): typeof en => textsOf("help", { en, de }, words);

/** The article that an address of our help centre names, or null for any other address. */
export function slugOf(url: string | null | undefined): string | null {
  const path = url?.startsWith(`${location.origin}/`) ? url.slice(location.origin.length) : url;
  return OURS.exec(path ?? "")?.[1] ?? null;
}

export function direction(language: string): "rtl" | "ltr" {
  return RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
}

/** The server said that there is no such article. */
export class Gone extends Error {}

export const readIndex = (wanted: readonly string[]) => get<HelpIndex>("", { language: tags(wanted) });

export const searchHelp = (query: string, wanted: readonly string[]) =>
  get<HelpFound>("/search", { q: query.slice(0, 200), language: tags(wanted) });

export const readArticle = (slug: string) => get<HelpPage>(`/pages/${encodeURIComponent(slug)}`, {});

const tags = (wanted: readonly string[]) => wanted.slice(0, 5).join(",").slice(0, 200);

async function get<Answer>(path: string, values: Record<string, string>): Promise<Answer> {
  const answer = await fetch(`/api/v1/widget/help${path}?${new URLSearchParams(values)}`, {
    signal: AbortSignal.timeout(15_000),
  });
  if (answer.status === 404) throw new Gone();
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Answer;
}
