import { uuid7 } from "@alongside/client";
import type { ChatLine, ChatLines, ChatOpened, PostedLine, Status } from "@alongside/contract";
import { say } from "./words";

const ASK_MS = 3_000;
const ASK_HIDDEN_MS = 20_000;
const MOST_WAIT_MS = 60_000;

export type Over = "expired" | "revoked" | "closed" | "unknown";
export type Kind = "messages" | "notes";

/** A refusal of the server, in its words. `status` 0: there was no answer. */
class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly reason?: string,
    readonly waitMs = 0,
  ) {
    super(message);
  }
}

/** The one conversation that the secret behind the # opens. */
export class Room {
  opened = $state.raw<ChatOpened | null>(null);
  lines = $state.raw<readonly ChatLine[]>([]);
  status = $state<Status>("unread");
  mayReply = $state(false);
  older = $state(false);
  offline = $state(false);
  over = $state<Over | null>(null);

  readonly #secret = location.hash.slice(1);
  readonly #known = new Map<number, ChatLine>();
  #seq = 0;
  #oldest = Number.MAX_SAFE_INTEGER;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
  #misses = 0;
  // One id per text, however often it has to be sent.
  readonly #ids = new Map<string, string>();

  async start(): Promise<void> {
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.ask();
    });
    addEventListener("online", () => void this.ask());
    await this.ask();
  }

  /** What is new; asked again a few seconds later, and rarely where nobody looks. */
  async ask(): Promise<void> {
    if (this.#asking || this.over) return;
    clearTimeout(this.#timer);
    this.#asking = true;
    let wait = document.hidden ? ASK_HIDDEN_MS : ASK_MS;
    try {
      await this.#catchUp();
      this.offline = false;
      this.#misses = 0;
    } catch (error) {
      this.offline = !this.over;
      const told = error instanceof Refused ? error.waitMs : 0;
      wait = Math.max(told, Math.min(MOST_WAIT_MS, ASK_MS * 2 ** this.#misses++));
    } finally {
      this.#asking = false;
    }
    if (!this.over) this.#timer = setTimeout(() => void this.ask(), wait);
  }

  async earlier(): Promise<void> {
    try {
      const page = await this.#call<ChatLines>("GET", `/lines?before=${this.#oldest}`);
      this.older = page.has_more;
      this.#oldest = page.seq;
      this.#show(page.lines);
    } catch {
      this.offline = !this.over;
    }
  }

  /** Null when it is written; else why not. */
  async write(kind: Kind, text: string): Promise<string | null> {
    const key = `${kind} ${text}`;
    const id = this.#ids.get(key) ?? uuid7();
    this.#ids.set(key, id);
    const trouble = await this.#tried(async () => {
      const { line } = await this.#call<PostedLine>("POST", `/${kind}`, { client_id: id, text });
      this.#show([line]);
    });
    if (trouble === null) this.#ids.delete(key);
    return trouble;
  }

  setStatus(status: Status): Promise<string | null> {
    return this.#tried(() => this.#call("PUT", "/status", { status }));
  }

  async #tried(work: () => Promise<unknown>): Promise<string | null> {
    try {
      await work();
      void this.ask();
      return null;
    } catch (error) {
      return error instanceof Refused && error.status ? error.message : say("unreachable");
    }
  }

  async #catchUp(): Promise<void> {
    if (!this.opened) {
      this.opened = await this.#call<ChatOpened>("GET", "");
      const { newest } = this.opened;
      this.older = newest.has_more;
      this.#oldest = newest.lines[0]?.seq ?? newest.seq;
      this.#take(newest);
      return;
    }
    let page: ChatLines;
    do {
      page = await this.#call<ChatLines>("GET", `/lines?after=${this.#seq}`);
      this.#take(page);
    } while (page.has_more);
  }

  #take(page: ChatLines): void {
    this.#seq = page.seq;
    this.status = page.status;
    this.mayReply = page.may_reply;
    this.#show(page.lines);
  }

  #show(lines: readonly ChatLine[]): void {
    if (!lines.length) return;
    for (const line of lines) this.#known.set(line.seq, line);
    this.lines = [...this.#known.values()].sort((one, other) => one.seq - other.seq);
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    let answer: Response;
    try {
      answer = await fetch(`/api/v1/chat-link${path}`, {
        method,
        credentials: "omit",
        headers: {
          Authorization: `Bearer ${this.#secret}`,
          ...(body ? { "Content-Type": "application/json" } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    } catch {
      throw new Refused(0, "");
    }
    if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
    const told = (await answer.json().catch(() => ({}))) as {
      message?: string;
      details?: { reason?: Over };
    };
    if (answer.status === 401) this.over = told.details?.reason ?? "unknown";
    throw new Refused(
      answer.status,
      told.message ?? say("unreachable"),
      told.details?.reason,
      Number(answer.headers.get("retry-after") ?? 0) * 1_000,
    );
  }
}
