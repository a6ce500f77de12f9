import { Backoff } from "./backoff";

/**
 * idle: not started. connecting: no answer yet. live: welcomed. waiting: will try again by itself.
 * stopped: will not try again until `start`, see `StopReason`.
 */
export type ConnectionState = "idle" | "connecting" | "live" | "waiting" | "stopped";

export type StopReason = "signed-out" | "origin-refused" | "unknown-channel" | "too-old" | "asked";

interface AnyFrame {
  type: string;
}

export interface ConnectionOptions<Out extends AnyFrame, In extends AnyFrame> {
  url: string;
  /** The first frame, made anew for every try. */
  hello(): Out;
  frame(frame: In): void;
  state(state: ConnectionState, reason: StopReason | null): void;
  random?: () => number;
}

/** Close codes after which trying again would get the same answer. */
const FINAL: Record<number, StopReason> = {
  4401: "signed-out",
  4403: "origin-refused",
  4409: "unknown-channel",
  4426: "too-old",
};
const OWN_FAULT = new Set([4400, 4429]);
const WELCOME_WITHIN_MS = 10_000;
const SILENCE_MS = 25_000;
const SLOW_RETRY_MS = 10_000;

/**
 * One socket kept alive: says hello, watches the heartbeat, comes back by itself with jittered waits, obeys
 * `going_away` and the close codes. The page's comings and goings reach it through `watchPage`.
 */
export class Connection<Out extends AnyFrame, In extends AnyFrame> {
  state: ConnectionState = "idle";
  private socket: WebSocket | null = null;
  private backoff: Backoff;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setTimeout> | undefined;
  private heardAt = 0;
  private comeBackIn: number | null = null;

  constructor(private options: ConnectionOptions<Out, In>) {
    this.backoff = new Backoff(options.random);
  }

  start(): void {
    if (this.state === "idle" || this.state === "stopped") this.connect();
  }

  stop(reason: StopReason = "asked"): void {
    this.drop();
    this.become("stopped", reason);
  }

  /** Say hello anew, as somebody else or from another position. */
  restart(): void {
    this.drop();
    this.connect();
  }

  /** The page is back (visible, online, out of the cache): do not wait for timers that slept with it. */
  wake(): void {
    if (this.state === "waiting") this.restart();
    else if (this.state === "live" && Date.now() - this.heardAt > SILENCE_MS) this.restart();
  }

  /** The network or the page went: close now, and keep trying with growing waits. */
  lose(): void {
    if (this.state !== "live" && this.state !== "connecting") return;
    this.drop();
    this.later(this.backoff.next());
  }

  /** False when the frame could not be handed to a live socket. */
  send(frame: Out): boolean {
    if (this.state !== "live" || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  private connect(): void {
    this.become("connecting", null);
    const socket = this.open();
    if (!socket) return this.later(this.backoff.next());
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify(this.options.hello()));
    socket.onmessage = (event) => this.hear(event.data);
    socket.onclose = (event) => this.closed(event.code);
    this.expectWithin(WELCOME_WITHIN_MS);
  }

  private open(): WebSocket | null {
    try {
      return new WebSocket(this.options.url);
    } catch {
      return null; // a page's policy may forbid the address; HTTP still works
    }
  }

  private hear(data: unknown): void {
    const frame = parse<In>(data);
    if (!frame) return;
    this.heardAt = Date.now();
    this.expectWithin(SILENCE_MS);
    if (frame.type === "going_away")
      this.comeBackIn = (frame as unknown as { retry_in_ms: number }).retry_in_ms;
    if (frame.type === "welcome") {
      this.backoff.reset();
      this.comeBackIn = null;
      this.become("live", null, () => this.options.frame(frame));
    } else {
      this.options.frame(frame);
    }
  }

  private closed(code: number): void {
    this.drop();
    const final = FINAL[code];
    if (final) return this.become("stopped", final);
    const wait = this.comeBackIn ?? this.backoff.next();
    this.comeBackIn = null;
    this.later(OWN_FAULT.has(code) ? wait + SLOW_RETRY_MS : wait);
  }

  private later(wait: number): void {
    this.retry = setTimeout(() => this.connect(), wait);
    this.become("waiting", null);
  }

  private expectWithin(ms: number): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => this.lose(), ms);
  }

  private drop(): void {
    clearTimeout(this.retry);
    clearTimeout(this.watch);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /** `first` runs before listeners hear of the new state: a welcome is read before anything is sent. */
  private become(state: ConnectionState, reason: StopReason | null, first?: () => void): void {
    this.state = state;
    first?.();
    this.options.state(state, reason);
  }
}

function parse<In>(data: unknown): In | null {
  try {
    return JSON.parse(String(data)) as In;
  } catch {
    return null;
  }
}

interface Wakeable {
  wake(): void;
  lose(): void;
}

/** Tell a connection what the page lives through: network, sleep, back-forward cache. Returns the end of it. */
export function watchPage(connection: Wakeable): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const wake = () => connection.wake();
  addEventListener("online", wake, { signal });
  addEventListener("offline", () => connection.lose(), { signal });
  addEventListener("pageshow", wake, { signal });
  // A page with an open socket cannot be kept in the back-forward cache.
  addEventListener("pagehide", () => connection.lose(), { signal });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake(), {
    signal,
  });
  document.addEventListener("resume", wake, { signal });
  return () => ending.abort();
}
