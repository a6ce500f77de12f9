import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Log } from "../src/log";

interface Entry {
  seq: number;
  text: string;
  of?: number;
}

const entry = (seq: number): Entry => ({ seq, text: `entry ${seq}` });
const range = (from: number, to: number): Entry[] =>
  Array.from({ length: to - from + 1 }, (_, i) => entry(from + i));

/** A seeded generator (mulberry32), so that a failure can be run again. */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function newLog() {
  const applied: number[] = [];
  const asked: number[] = [];
  const log: Log<Entry> = new Log<Entry>({
    apply: (entries, by) =>
      by.of ? entries.map((one) => (one.seq === by.of ? { ...one, text: by.text } : one)) : entries,
    ask: (position) => void asked.push(position.seq),
    changed: (added, fresh) => void (fresh ? 0 : applied.push(...added.map((one) => one.seq))),
  });
  return { log, applied, asked };
}

describe("what later entries make of earlier ones", () => {
  const edit = (seq: number, of: number): Entry => ({ seq, of, text: `edited by ${seq}` });
  const texts = (log: Log<Entry>) => log.entries.map((one) => one.text);

  test("holds in the order of the log, whatever the order of arrival", () => {
    const { log } = newLog();
    log.reset("e", range(1, 2), 2, false);
    log.add(edit(4, 1));
    expect(texts(log)).toEqual(["entry 1", "entry 2"]);
    log.add(edit(3, 1));
    expect(texts(log).slice(0, 2)).toEqual(["edited by 4", "entry 2"]);
    log.add(edit(3, 1)); // a repeat is no news
    expect(texts(log).slice(0, 2)).toEqual(["edited by 4", "entry 2"]);
  });

  test("holds for what a snapshot leaves in place, and for older ones that come afterwards", () => {
    const { log } = newLog();
    log.reset("e", range(3, 4), 4, true);
    log.reset("e", [edit(5, 3), edit(6, 1)], 6, true);
    expect(texts(log).slice(0, 2)).toEqual(["edited by 5", "entry 4"]);
    log.prepend(range(1, 2), false); // read before the edit was made
    expect(texts(log).slice(0, 2)).toEqual(["edited by 6", "entry 2"]);
  });
});

describe("Log", () => {
  test.each(Array.from({ length: 300 }, (_, seed) => seed))(
    "any order, any repeats, any losses end in the same log (seed %i)",
    (seed) => {
      const random = seeded(seed);
      const total = 1 + Math.floor(random() * 40);
      const start = Math.floor(random() * total);
      const { log, applied, asked } = newLog();
      log.reset("e", range(1, start), start, false);

      const frames = range(start + 1, total).flatMap((one) => {
        const copies = random() < 0.2 ? 0 : random() < 0.3 ? 2 : 1; // lost, doubled, or as it should be
        return Array.from({ length: copies }, () => one);
      });
      frames.sort(() => random() - 0.5);
      for (const frame of frames) {
        log.add(frame);
        if (random() < 0.2) vi.advanceTimersByTime(random() * 300);
        if (random() < 0.1) log.head(total);
        for (const from of asked.splice(0)) if (random() < 0.7) log.addAll(range(from + 1, total));
      }
      log.head(total); // the heartbeat
      for (let rounds = 0; log.last < total && rounds < 5; rounds++) {
        vi.advanceTimersByTime(2_000);
        for (const from of asked.splice(0)) log.addAll(range(from + 1, total));
      }

      expect(log.entries).toEqual(range(1, total));
      expect(applied).toEqual(range(start + 1, total).map((one) => one.seq));
      vi.advanceTimersByTime(60_000);
      expect(asked).toEqual([]); // nothing is missing, so nothing is asked
    },
  );

  test("a hole is asked for after 200 ms, from the last applied entry", () => {
    const { log, asked } = newLog();
    log.reset("e", range(1, 3), 3, false);
    log.add(entry(5));
    vi.advanceTimersByTime(199);
    expect(asked).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(asked).toEqual([3]);
    expect(log.last).toBe(3);
  });

  test("a hole that closes in time is not asked for", () => {
    const { log, asked, applied } = newLog();
    log.reset("e", range(1, 3), 3, false);
    log.add(entry(5));
    log.add(entry(4));
    vi.advanceTimersByTime(10_000);
    expect(asked).toEqual([]);
    expect(applied).toEqual([4, 5]);
  });

  test("a question without answer is asked again", () => {
    const { log, asked } = newLog();
    log.reset("e", [], 0, false);
    log.head(2);
    vi.advanceTimersByTime(4_500);
    expect(asked).toEqual([0, 0, 0]);
  });

  test("entries that come before the first snapshot wait for it and follow on", () => {
    const { log, applied } = newLog();
    log.add(entry(4));
    log.add(entry(2));
    expect(log.entries).toEqual([]);
    log.reset("e", range(1, 3), 3, false);
    expect(log.entries).toEqual(range(1, 4));
    expect(applied).toEqual([]); // history, not news
  });

  test("a snapshot older than what is known takes nothing back", () => {
    const { log } = newLog();
    log.reset("e", range(1, 3), 3, false);
    log.addAll(range(4, 6));
    log.reset("e", range(1, 4), 4, false);
    expect(log.entries).toEqual(range(1, 6));
    expect(log.last).toBe(6);
  });

  test("a snapshot that joins on keeps the older pages; one that does not replaces them", () => {
    const { log, applied } = newLog();
    log.reset("e", range(11, 20), 20, true);
    log.prepend(range(1, 10), false);
    log.reset("e", range(16, 25), 25, true);
    expect(log.entries).toEqual(range(1, 25));
    expect(log.hasMore).toBe(false);
    expect(applied).toEqual([21, 22, 23, 24, 25]);
    log.reset("e", range(100, 120), 120, true);
    expect(log.entries).toEqual(range(100, 120));
    expect(log.hasMore).toBe(true);
  });

  test("another epoch starts afresh: old numbers are not resumed and not mixed in", () => {
    const { log } = newLog();
    log.reset("old", range(1, 9), 9, false);
    log.add(entry(11));
    log.expect("new");
    expect(log.position).toBeNull();
    log.add({ seq: 3, text: "of the new history" });
    log.reset("new", range(1, 2), 2, false);
    expect(log.entries).toEqual([entry(1), entry(2), { seq: 3, text: "of the new history" }]);
    expect(log.position).toEqual({ epoch: "new", seq: 3 });
  });

  test("older pages that do not end at the window are refused", () => {
    const { log } = newLog();
    log.reset("e", range(11, 20), 20, true);
    log.prepend(range(1, 8), false);
    expect(log.entries).toEqual(range(11, 20));
    log.prepend(range(6, 12), true); // overlaps: the repeats are dropped
    expect(log.entries).toEqual(range(6, 20));
  });
});
