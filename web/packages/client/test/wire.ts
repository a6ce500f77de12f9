import { vi } from "vitest";

/** The far end of the browser's sockets and requests, in the test's hands. */
export class FarEnd {
  static readonly OPEN = 1;
  static all: FarEnd[] = [];
  readyState = 0;
  said: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(readonly url: string) {
    FarEnd.all.push(this);
  }

  static get latest(): FarEnd {
    return FarEnd.all[FarEnd.all.length - 1] as FarEnd;
  }

  send(text: string): void {
    this.said.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  /** Open and welcome. */
  accept(welcome: object = {}): void {
    this.readyState = 1;
    this.onopen?.();
    this.says({ type: "welcome", epoch: "e", ...welcome });
  }

  says(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  hangsUp(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  /** Frames of one type that the client sent here. */
  of(type: string): Record<string, unknown>[] {
    return this.said.filter((frame) => frame["type"] === type);
  }
}

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  headers: Record<string, string>;
}

type Answer = object | number | Error;

/** Answers to requests by "METHOD /path", now or later: an object, a status, or an error for no answer at all. */
export class Wire {
  asked: Asked[] = [];
  answers: Record<string, Answer | ((asked: Asked) => Answer | Promise<Answer>)> = {};

  constructor() {
    FarEnd.all = [];
    vi.stubGlobal("WebSocket", FarEnd);
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => this.answer(url, init));
    vi.stubGlobal("location", { origin: "http://chat.example" });
    vi.stubGlobal("document", new EventTarget());
    vi.stubGlobal("addEventListener", () => undefined);
    vi.stubGlobal("removeEventListener", () => undefined);
  }

  of(method: string, path: string): Asked[] {
    return this.asked.filter((one) => one.method === method && one.path === path);
  }

  private async answer(url: string, init: RequestInit): Promise<Response> {
    const { pathname, searchParams } = new URL(url);
    const asked: Asked = {
      method: init.method ?? "GET",
      path: pathname,
      query: searchParams,
      body: init.body ? JSON.parse(String(init.body)) : {},
      headers: init.headers as Record<string, string>,
    };
    this.asked.push(asked);
    const known = this.answers[`${asked.method} ${asked.path}`];
    const answer = typeof known === "function" ? await known(asked) : (known ?? 404);
    if (answer instanceof Error) throw answer;
    if (typeof answer === "number") {
      const words = { code: `code-${answer}`, message: `The server said ${answer}.` };
      return new Response(JSON.stringify(words), { status: answer });
    }
    return new Response(JSON.stringify(answer), { status: 200 });
  }
}

/** Storage as a browser has it. */
export function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    clear: () => kept.clear(),
    key: (at: number) => [...kept.keys()][at] ?? null,
    get length() {
      return kept.size;
    },
  };
}
