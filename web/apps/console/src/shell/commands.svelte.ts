import type { Component } from "svelte";

/** Something the command bar can do. */
export interface Command {
  id: string;
  label: string;
  /** Where it belongs, shown beside it. */
  group: string;
  icon?: Component<{ size?: number }> | undefined;
  keys?: string | undefined;
  run: () => void;
}

const sources = new Set<() => Command[]>();

/** Offer commands while the caller lives. The function is asked each time the bar opens. Returns the end of it. */
export function provide(source: () => Command[]): () => void {
  sources.add(source);
  return () => sources.delete(source);
}

export function provided(): Command[] {
  return [...sources].reverse().flatMap((source) => source());
}
