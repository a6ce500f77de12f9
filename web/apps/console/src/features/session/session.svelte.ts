import { HttpError } from "@alongside/client";
import { call, listen, useCsrf } from "../../live/api";
import { changeLook, look } from "../../shell/look.svelte";
import { speak } from "../../i18n/index.svelte";
import type { Me, NextStep, SignedIn, Step } from "@alongside/contract";

/**
 * loading: not known yet. unreachable: the server does not answer, tried again by itself. set-up: nobody has an
 * account yet. out: signed out. in: signed in. again: was signed in and must prove it again; the page stays behind.
 */
export type SessionState = "loading" | "unreachable" | "set-up" | "out" | "in" | "again";

interface Session {
  state: SessionState;
  me: Me | null;
  workspace: { name: string; time_zone: string; edit_minutes: number };
  /** How often the csrf token changed hands: whoever holds a socket says hello anew. */
  turn: number;
}

export const session: Session = $state({
  state: "loading",
  me: null,
  workspace: { name: "", time_zone: "UTC", edit_minutes: 0 },
  turn: 0,
});

/** The agent signed in. Call only where the page shows somebody who is. */
export function me(): Me {
  if (!session.me) throw new Error("nobody is signed in");
  return session.me;
}

export function may(permission: string): boolean {
  const held = session.me?.permissions ?? [];
  return held.includes("*") || held.includes(permission);
}

export async function startSession(): Promise<void> {
  listen(signedOut);
  await whoAmI();
}

async function whoAmI(): Promise<void> {
  try {
    enter(await call<SignedIn>("GET", "/session"));
  } catch (error) {
    if (error instanceof HttpError && error.status === 401) return notSignedIn();
    session.state = "unreachable";
    setTimeout(() => void whoAmI(), 3000);
  }
}

async function notSignedIn(): Promise<void> {
  const setup = await call<{ needed: boolean }>("GET", "/setup").catch(() => ({ needed: false }));
  session.state = setup.needed ? "set-up" : "out";
}

/** Take up a session that the server has just given. */
export function enter(answer: SignedIn): void {
  useCsrf(answer.csrf);
  const changedPerson = session.me !== null && session.me.id !== answer.me.id;
  if (changedPerson) return location.reload(); // nothing of one person's page may show to another
  session.me = answer.me;
  session.workspace = answer.workspace;
  session.state = "in";
  session.turn += 1;
  if (look.locale === null) void speak(answer.me.locale);
}

/** Readings under way; only the newest one counts. */
let reading = 0;
let newest = 0;

/** Read anew who is signed in: role, teams and sight may have changed while the page is open. */
export async function readMe(): Promise<void> {
  const turn = ++newest;
  reading += 1;
  const answer = await call<SignedIn>("GET", "/session").catch(() => null);
  reading -= 1;
  if (answer && turn === newest && session.me?.id === answer.me.id) Object.assign(session.me, answer.me);
}

/** The server has taken a change. What is being read just now may be from before it, and is read again. */
export function meChanged(change: Partial<Me>): void {
  if (session.me) Object.assign(session.me, change);
  if (reading > 0) void readMe();
}

/** The server no longer knows this session. */
export function signedOut(): void {
  if (session.state === "in") session.state = "again";
}

/** Sign in, or learn which step is still missing. */
export async function signIn(email: string, password: string): Promise<Step | null> {
  return admit(await call<SignedIn | NextStep>("POST", "/session", { email, password }));
}

/** Take up the session of an answer, or say what must come before. */
export function admit(answer: SignedIn | NextStep): Step | null {
  if ("next_step" in answer) return answer.next_step;
  enter(answer);
  return null;
}

export async function signOut(): Promise<void> {
  await call("DELETE", "/session");
  location.assign("/console/");
}

/** Change something about oneself; what the server answers is what is shown. */
export async function updateMe(
  method: "PATCH" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
): Promise<void> {
  const answer = await call<Partial<Me> | undefined>(method, path, body);
  if (answer) meChanged(answer);
}

export async function changeLanguage(tag: string): Promise<void> {
  changeLook({ locale: tag });
  await speak(tag);
  await updateMe("PATCH", "/me", { locale: tag });
}
