import type { Facts, RuleFacts } from "@alongside/contract";
import type { Told } from "./nodes";
import { leaves } from "./nodes";

const MINUTE_MS = 60_000;
const CLOCKS = new Set(["current_time", "weekday"]);

/** Which opening hours are open at `now`, milliseconds of the server's clock. */
export function openAt(told: RuleFacts["hours"], now: number): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(told).map(([id, { open, changes }]) => {
      const passed = changes.filter((at) => Date.parse(at) <= now).length;
      return [id, open === (passed % 2 === 0)];
    }),
  );
}

/**
 * In how many milliseconds time alone can change what the rules come to; null where it cannot. `now` is the server's
 * clock.
 */
export function turnsIn(
  nodes: readonly Told[],
  facts: Pick<Facts, "seconds_on_page">,
  hours: RuleFacts["hours"],
  now: number,
): number | null {
  const waits: number[] = [];
  const here = facts.seconds_on_page ?? 0;
  for (const node of nodes) {
    for (const leaf of leaves(node)) {
      if (leaf.kind === "seconds_on_page" && leaf.seconds > here) waits.push((leaf.seconds - here) * 1_000);
      if (CLOCKS.has(leaf.kind)) waits.push(MINUTE_MS - (now % MINUTE_MS));
    }
  }
  for (const { changes } of Object.values(hours)) {
    const next = changes.map((at) => Date.parse(at)).find((at) => at > now);
    if (next !== undefined) waits.push(next - now);
  }
  return waits.length > 0 ? Math.max(0, Math.min(...waits)) : null;
}
