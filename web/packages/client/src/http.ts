import type { Outcome } from "./outbox";

/** An answer other than success. `message` is the server's own words: what happened and what to do. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
    readonly retryAfterMs: number | null = null,
    readonly errorId: string | null = null,
  ) {
    super(message);
  }
}

export interface HttpOptions {
  /** Everything before the path given to `call`, such as "/api/v1". */
  base: string;
  /** Headers of this request, such as a token; read anew for each. */
  headers(method: string): Record<string, string>;
}

const ANSWER_WITHIN_MS = 15_000;

/** JSON over fetch. Throws HttpError for a refusal and whatever fetch throws when no answer came. */
export class Http {
  constructor(private options: HttpOptions) {}

  /** Address and headers of a request that is made in another way. */
  request(method: string, path: string): { url: string; headers: Record<string, string> } {
    return { url: this.options.base + path, headers: this.options.headers(method) };
  }

  get<T>(path: string): Promise<T> {
    return this.call<T>("GET", path);
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.call<T>("POST", path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>("PUT", path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>("PATCH", path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.call<T>("DELETE", path);
  }

  /** `body` goes as JSON, except FormData, which goes as it is. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const form = body instanceof FormData;
    const init: RequestInit = { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) };
    if (body !== undefined && !form) init.headers = { "Content-Type": "application/json" };
    if (body !== undefined) init.body = form ? body : JSON.stringify(body);
    const answer = await this.fetch(method, path, init);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }

  /** The answer as it comes, however long that takes. Throws as `call` does. */
  async fetch(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...this.options.headers(method), ...(init.headers as Record<string, string>) };
    const answer = await fetch(this.options.base + path, { ...init, method, headers });
    if (!answer.ok) throw await refusal(answer);
    return answer;
  }
}

async function refusal(answer: Response): Promise<HttpError> {
  const body = await answer.json().catch(() => ({}));
  const seconds = Number(answer.headers.get("Retry-After") || NaN);
  return new HttpError(
    answer.status,
    body.code ?? `http-${answer.status}`,
    body.message ?? `The server answered ${answer.status}.`,
    body.details ?? {},
    Number.isFinite(seconds) ? seconds * 1000 : null,
    body.error_id ?? null,
  );
}

/** What an error of a send over HTTP means for the outbox. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof HttpError)) return { kind: "later" }; // no answer: the network, or the server is away
  const problem = { code: error.code, message: error.message };
  if (error.status === 401) return { kind: "hold" };
  if (error.retryAfterMs !== null) return { kind: "later", afterMs: error.retryAfterMs, problem };
  if (error.status >= 500 || error.status === 429 || error.status === 408) return { kind: "later", problem };
  return { kind: "refused", problem };
}
