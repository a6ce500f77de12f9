/** What the last answer of the server said about it. */
export type Health = "fine" | "unreachable" | "unavailable";

const ASK_AGAIN_MS = 4000;
const recovered = new Set<() => void>();
let state = $state<Health>("fine");
let asking: ReturnType<typeof setTimeout> | undefined;

export function health(): Health {
  return state;
}

/** Called when the server answers again after it could not. Returns the end of it. */
export function onRecovery(act: () => void): () => void {
  recovered.add(act);
  return () => recovered.delete(act);
}

/** Note the status of an answer, 0 for none; while it is bad, `probe` asks again by itself. */
export function reached(status: number, probe: () => Promise<unknown>): void {
  const before = state;
  state = status === 0 ? "unreachable" : status === 503 ? "unavailable" : "fine";
  clearTimeout(asking);
  if (state !== "fine") asking = setTimeout(() => void probe().catch(() => undefined), ASK_AGAIN_MS);
  else if (before !== "fine") recovered.forEach((act) => act());
}
