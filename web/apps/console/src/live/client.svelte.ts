import { AgentClient, Drafts, type ConnectionState, type Pending, type StopReason } from "@alongside/client";
import { readMe, session, signedOut } from "../features/session/session.svelte";
import { currentCsrf, note } from "./api";
import { onRecovery } from "./health.svelte";

let live: AgentClient | null = null;
let kept: Drafts | null = null;

interface Link {
  state: ConnectionState;
  /** It is not live, and not for a blink only. */
  down: boolean;
  /** The server runs another version than these files are of. */
  outdated: boolean;
}

const QUIET_MS = 2000; // a blink of the network is nobody's business

export const link: Link = $state({ state: "idle", down: false, outdated: false });
let falling: ReturnType<typeof setTimeout> | undefined;
let unsent = $state.raw<Pending[]>([]);

/** The live side of the agent signed in; the same until the page is left. */
export function client(): AgentClient {
  if (!live) throw new Error("the client runs only while somebody is signed in");
  return live;
}

export function drafts(): Drafts {
  return (kept ??= new Drafts(`agent:${client().agentId}`));
}

/** Messages and notes that the server has not confirmed yet, of all conversations. */
export function outbox(): Pending[] {
  return unsent;
}

export function startClient(agentId: string): AgentClient {
  live = new AgentClient({ agentId, csrf: currentCsrf() });
  live.on("connection", ({ state, reason }) => changed(state, reason));
  live.on("outbox", (items) => (unsent = items));
  live.on("welcome", ({ version }) => {
    link.outdated = version !== __VERSION__;
    void readMe();
  });
  const list = live.list;
  let failed: unknown = null;
  list.subscribe((state) => {
    if (state.failed && state.failed !== failed) note(state.failed);
    failed = state.failed;
  });
  onRecovery(() => void list.refresh());
  live.start();
  return live;
}

/** Called when somebody proved again who they are: the socket says hello with the new session. */
export function signedInAgain(): void {
  if (session.state === "in") live?.signedIn(currentCsrf());
}

function changed(state: ConnectionState, reason: StopReason | null): void {
  link.state = state;
  if (state === "live") {
    clearTimeout(falling);
    falling = undefined;
    link.down = false;
  } else falling ??= setTimeout(() => (link.down = true), QUIET_MS);
  if (reason === "signed-out") signedOut();
  if (reason === "too-old") link.outdated = true;
}
