import de from "../texts/queue/de.json";
import en from "../texts/queue/en.json";
import { textsOf } from "./part-texts";
import type { Words } from "./texts";

/** Where the visitor waits, in words: how many come before them, and about how long it takes where that is known. */
export function waiting(
  words: Words,
  queue: { place: number | null; minutes: number | null } | null,
): string {
  if (!queue?.place) return "";
  const t = textsOf("queue", { en, de }, words);
  const ahead = queue.place - 1;
  const place = ahead === 0 ? t.next : ahead === 1 ? t.one : t.place.replace("{place}", String(ahead));
  if (queue.minutes === null) return place;
  return `${place} ${queue.minutes === 1 ? t.minute : t.minutes.replace("{minutes}", String(queue.minutes))}`;
}
