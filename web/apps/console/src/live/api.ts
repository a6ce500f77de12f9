import { agentHttp, HttpError } from "@alongside/client";
import { toast } from "@alongside/ui";
import { tryT } from "../i18n/index.svelte";
import { reached } from "./health.svelte";

let csrf: string | null = null;
let onSignedOut: () => void = () => {};
export const http = agentHttp(location.origin, () => csrf);

export function currentCsrf(): string {
  return csrf ?? "";
}

export function useCsrf(token: string): void {
  csrf = token;
}

/** `signedOut` hears when the session is gone. */
export function listen(signedOut: () => void): void {
  onSignedOut = signedOut;
}

/** Call the server; a FormData goes as it is, any other body as JSON. Throws HttpError, or TypeError for no answer. */
export async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  try {
    const answer = await http.call<Answer>(method, path, body);
    reached(200, probe);
    return answer;
  } catch (error) {
    note(error);
    throw error;
  }
}

const probe = () => call("GET", "/session");

/** Do what a person asked for; a refusal is told in a toast and the answer is false. */
export async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    note(error);
    toast(explain(error), "bad");
    return false;
  }
}

/** What an answer that is no success says about the server and the session. */
export function note(error: unknown): void {
  reached(error instanceof HttpError ? error.status : 0, probe);
  if (error instanceof HttpError && error.code === "not-signed-in") onSignedOut();
}

/** What to tell the person: our own words where we have them, else the server's sentence. */
export function explain(error: unknown): string {
  if (!(error instanceof HttpError)) return tryT("error.unreachable") ?? String(error);
  const count = Math.max(1, Math.ceil((error.retryAfterMs ?? 60_000) / 60_000));
  const known =
    tryT(`error.${error.code}`, { count, name: String(error.details.name ?? "") }) ?? error.message;
  return error.errorId ? `${known} (${error.errorId})` : known;
}
