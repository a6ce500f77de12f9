import type { Attachment } from "@alongside/contract";
import { Backoff } from "./backoff";
import type { Pending, PendingStore, Problem } from "./store";
import { uuid7 } from "./uuid";

/** What became of one try. `hold`: nothing can be sent until `resume` (signed out, say). */
export type Outcome =
  | { kind: "sent" }
  | { kind: "refused"; problem: Problem }
  | { kind: "later"; afterMs?: number; problem?: Problem }
  | { kind: "hold" };

export interface OutboxOptions {
  owner: string;
  store: PendingStore;
  /** Try once. It must be safe to repeat: the client id makes it so. */
  deliver(item: Pending): Promise<Outcome>;
  changed(items: Pending[]): void;
  random?: () => number;
}

interface Draft {
  scope: string;
  text: string;
  attachments?: Attachment[];
  kind?: Pending["kind"];
  thenDone?: boolean;
  more?: Pending["more"];
}

const OTHER_TAB_MS = 5_000;
/** Refusals by a server that is up, in a row, before a person is asked. */
const TRIES = 5;

/**
 * Messages from the press of Enter until the server says that they are committed. Kept in the store, so they survive
 * a reload; sent one after the other per conversation. Tabs share the store: a lock per conversation saves double
 * work, and where there is none the client id makes a double send harmless.
 */
export class Outbox {
  private items = new Map<string, Pending>();
  private running = new Set<string>();
  private again = new Set<string>();
  private timers = new Map<string, ReturnType<typeof setTimeout>>();
  private backoffs = new Map<string, Backoff>();
  private tries = new Map<string, number>();
  private channel: BroadcastChannel | null = null;
  private closed = false;

  constructor(private options: OutboxOptions) {
    if (typeof BroadcastChannel === "undefined") return;
    this.channel = new BroadcastChannel(`alongside:outbox:${options.owner}`);
    this.channel.onmessage = (event) => this.forget(String(event.data));
  }

  /** Take up what an earlier page or another tab left, and send it. */
  async load(): Promise<void> {
    for (const item of await this.options.store.all(this.options.owner)) {
      if (!this.items.has(item.id)) this.items.set(item.id, item);
    }
    this.tell();
    this.resume();
  }

  list(scope?: string): Pending[] {
    const items = [...this.items.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return scope === undefined ? items : items.filter((item) => item.scope === scope);
  }

  /** Keep, show as sending, send. */
  async add({
    scope,
    text,
    attachments = [],
    kind = "message",
    thenDone = false,
    more = {},
  }: Draft): Promise<Pending> {
    const { owner } = this.options;
    const at = new Date().toISOString();
    // Behind one that waits, it waits as well.
    const state = this.nextOf(scope)?.state === "waiting" ? "waiting" : "sending";
    const item: Pending = {
      id: uuid7(),
      owner,
      scope,
      kind,
      text,
      attachments,
      thenDone,
      more,
      at,
      state,
      problem: null,
    };
    await this.keep(item);
    void this.drain(scope);
    return item;
  }

  /** A person asks to try again. An id that stands for another text by now is replaced. */
  async retry(id: string): Promise<void> {
    const item = this.items.get(id);
    if (!item) return;
    this.tries.delete(id);
    if (item.problem?.code === "client-id-reused") {
      await this.discard(id);
      await this.add(item);
    } else {
      await this.keep({ ...item, state: "sending", problem: null });
      this.resume();
    }
  }

  /** A person gives a message up. */
  async discard(id: string): Promise<void> {
    this.forget(id);
    await this.options.store.remove(id);
    this.channel?.postMessage(id);
  }

  /** The log shows this message: it is committed, whoever sent it. */
  async settled(id: string): Promise<void> {
    if (this.items.has(id)) await this.discard(id);
  }

  /** The way is open again: send everything that waits, now. */
  resume(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    for (const scope of new Set([...this.items.values()].map((item) => item.scope))) void this.drain(scope);
  }

  /** Forget everything, here and in the store. */
  async clear(): Promise<void> {
    await Promise.all(this.list().map((item) => this.discard(item.id)));
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.channel?.close();
    this.channel = null; // a try that is under way may still end, and tell nobody
  }

  private async drain(scope: string): Promise<void> {
    if (this.closed) return;
    if (this.running.has(scope)) return void this.again.add(scope);
    this.running.add(scope);
    try {
      await alone(`alongside:${this.options.owner}:${scope}`, () => this.sendAll(scope));
    } finally {
      this.running.delete(scope);
    }
    // Asked for meanwhile: the try that has just ended may have begun before the way was open.
    if (this.again.delete(scope) && this.nextOf(scope)) void this.drain(scope);
  }

  private async sendAll(scope: string): Promise<void> {
    for (let item = this.nextOf(scope); item && !this.closed; item = this.nextOf(scope)) {
      if (!(await this.sendOne(item))) return;
    }
  }

  private nextOf(scope: string): Pending | undefined {
    return this.list(scope).find((item) => item.state !== "failed");
  }

  /** False when this conversation has to wait. */
  private async sendOne(item: Pending): Promise<boolean> {
    const outcome = await this.options.deliver(item).catch((): Outcome => ({ kind: "later" }));
    if (!this.items.has(item.id)) return true; // the log or another tab settled it meanwhile
    switch (outcome.kind) {
      case "sent":
        this.backoffs.get(item.scope)?.reset();
        await this.discard(item.id);
        return true;
      case "refused":
        await this.keep({ ...item, state: "failed", problem: outcome.problem });
        return true;
      case "hold":
        this.wait(item.scope, null);
        return this.letWait({ ...item, problem: null });
      case "later":
        return this.postpone(item, outcome.afterMs, outcome.problem);
    }
  }

  private async postpone(item: Pending, afterMs?: number, problem?: Problem): Promise<boolean> {
    const tries = (this.tries.get(item.id) ?? 0) + (problem && afterMs === undefined ? 1 : 0);
    this.tries.set(item.id, tries);
    if (problem && tries >= TRIES) {
      await this.keep({ ...item, state: "failed", problem });
      return true;
    }
    const backoff = this.backoffs.get(item.scope) ?? new Backoff(this.options.random);
    this.backoffs.set(item.scope, backoff);
    this.wait(item.scope, afterMs ?? backoff.next());
    return this.letWait({ ...item, problem: problem ?? null });
  }

  /** It waits, and so does everything behind it. */
  private async letWait(item: Pending): Promise<false> {
    await this.keep({ ...item, state: "waiting" });
    for (const behind of this.list(item.scope))
      if (behind.state === "sending") await this.keep({ ...behind, state: "waiting" });
    return false;
  }

  private wait(scope: string, ms: number | null): void {
    clearTimeout(this.timers.get(scope));
    if (ms === null) return;
    const again = () => (this.timers.delete(scope), void this.drain(scope));
    this.timers.set(scope, setTimeout(again, ms));
  }

  private async keep(item: Pending): Promise<void> {
    this.items.set(item.id, item);
    this.tell();
    await this.options.store.put(item);
  }

  private forget(id: string): void {
    if (this.items.delete(id)) this.tell();
  }

  private tell(): void {
    if (!this.closed) this.options.changed(this.list());
  }
}

/**
 * Run while no other tab does the same. After 5 s run anyway, for a sleeping tab may hold the lock; and where the browser
 * keeps a frame on another site from storage and locks, run at once.
 */
async function alone(name: string, act: () => Promise<void>): Promise<void> {
  const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
  if (!locks) return act();
  const waiting = new AbortController();
  const late = setTimeout(() => waiting.abort(), OTHER_TAB_MS);
  let begun = false;
  const run = () => {
    clearTimeout(late);
    begun = true;
    return act();
  };
  await locks.request(name, { signal: waiting.signal }, run).catch((error: unknown) => {
    if (begun) throw error;
    return run();
  });
}
