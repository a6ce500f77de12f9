/** What the list shows while the order of its rows is held. Ids only, newest first. */
export interface Arrangement {
  ids: readonly string[];
  /** Rows that would come in above what is shown. */
  fresh: number;
  /** Letting go would change what is shown. */
  pending: boolean;
}

/**
 * Held, nothing that is shown moves or goes, rows below the last shown one are appended, and rows that belong above
 * are counted. Not held, the list is as wanted.
 */
export function arrange(shown: readonly string[], wanted: readonly string[], held: boolean): Arrangement {
  if (!held || shown.length === 0) return { ids: wanted, fresh: 0, pending: false };
  if (shown.every((id, at) => id === wanted[at])) return { ids: wanted, fresh: 0, pending: false };
  const known = new Set(shown);
  const lastKnown = wanted.findLastIndex((id) => known.has(id));
  const added = wanted.map((id, at) => ({ id, at })).filter(({ id }) => !known.has(id));
  const below = added.filter(({ at }) => at > lastKnown && lastKnown >= 0).map(({ id }) => id);
  const ids = below.length > 0 ? [...shown, ...below] : shown;
  return { ids, fresh: added.length - below.length, pending: !same(ids, wanted) };
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, at) => id === other[at]);
}

/** The id `step` lines from `current`, kept inside the list; the first when nothing is current. */
export function neighbour(ids: readonly string[], current: string | null, step: 1 | -1): string | undefined {
  const at = current === null ? -1 : ids.indexOf(current);
  if (at < 0) return ids[0];
  return ids[Math.min(ids.length - 1, Math.max(0, at + step))];
}

/** Which rows of fixed height are in sight, with some more around. `to` is exclusive. */
export function inSight(
  top: number,
  height: number,
  row: number,
  count: number,
  around = 6,
): { from: number; to: number } {
  const from = Math.max(0, Math.floor(top / row) - around);
  const to = Math.min(count, Math.ceil((top + height) / row) + around);
  return { from: Math.min(from, count), to: Math.max(to, 0) };
}

/** Counts stop at 10,000: "9,999+". */
export function countWords(count: number, tag: string): string {
  return count >= 10_000 ? `${(9_999).toLocaleString(tag)}+` : count.toLocaleString(tag);
}

/** The same in at most four characters: "8k", "10k+". Rounded down, so that it never says more than there is. */
export function shortCount(count: number): string {
  if (count >= 10_000) return "10k+";
  return count >= 1_000 ? `${Math.floor(count / 1_000)}k` : String(count);
}
