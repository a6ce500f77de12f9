/** The arithmetic of plots. */

export interface Series {
  label: string;
  tone: "first" | "second";
}

/** A stretch of the time that a plot shows. */
export interface Part {
  name: string;
  full: string;
  /** Where the conversations behind it are. */
  href: string;
  /** One for each series; null where there is none. */
  values: (number | null)[];
}

const STEPS = [1, 2, 5];
const SECONDS = [1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 86_400];

/** Round marks from 0 to at or above `most`, at most `count` steps. Counts are whole. */
export function ticks(most: number, count = 4): number[] {
  const rough = Math.max(1, most / count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough) ?? 10);
  return upTo(most, step);
}

/** The same for durations in seconds, in steps that people count time in. */
export function timeTicks(most: number, count = 4): number[] {
  const rough = Math.max(1, most / count);
  const step = SECONDS.find((one) => one >= rough) ?? Math.ceil(rough / 86_400) * 86_400;
  return upTo(most, step);
}

function upTo(most: number, step: number): number[] {
  const marks = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: marks + 1 }, (_, at) => at * step);
}

/** Which of `count` parts are named below a plot where there is room for `room` names: evenly spread, the first among them. */
export function named(count: number, room: number): Set<number> {
  const every = Math.max(1, Math.ceil(count / Math.max(1, room)));
  const found = new Set<number>();
  for (let at = 0; at < count; at += every) found.add(at);
  return found;
}

/** Runs of points that have a value: a line is broken where there is none. */
export function runs(values: readonly (number | null)[]): number[][] {
  const found: number[][] = [];
  let run: number[] = [];
  values.forEach((value, at) => {
    if (value !== null) run.push(at);
    else if (run.length > 0) {
      found.push(run);
      run = [];
    }
  });
  if (run.length > 0) found.push(run);
  return found;
}

/** Where the arrow keys lead among `count` parts; null where the key leads nowhere. */
export function step(key: string, at: number, count: number, rtl: boolean): number | null {
  const ahead = rtl ? "ArrowLeft" : "ArrowRight";
  const back = rtl ? "ArrowRight" : "ArrowLeft";
  if (key === ahead) return Math.min(count - 1, at + 1);
  if (key === back) return Math.max(0, at - 1);
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return null;
}
