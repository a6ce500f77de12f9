import { SvelteMap } from "svelte/reactivity";
import { call } from "./api";
import { client } from "./client.svelte";
import type { Field, FieldList, Integration, Label, Role, Team } from "@alongside/contract";
import type { Agent } from "../features/agents/shapes";
import type { ChannelDetails as Channel } from "@alongside/contract";

/** Colleagues, teams, roles, channels, labels and fields: small, read whole, read again when the server says that they changed. */
export const agents = new SvelteMap<string, Agent>();
export const teams = new SvelteMap<string, Team>();
export const channels = new SvelteMap<string, Channel>();
export const roles = new SvelteMap<string, Role>();
export const labels = new SvelteMap<string, Label>();
export const fields = new SvelteMap<string, Field>();
/** Programs that ever had an API key: they write under its name. */
export const integrations = new SvelteMap<string, Integration>();
export const directory: { loaded: boolean; failed: unknown } = $state({ loaded: false, failed: null });

/** What each colleague has in front of them: agent id to conversation id. Forgotten 30 s after it was last said. */
export const lookers = new SvelteMap<string, string>();
/** Who types in which conversation, "conversation:agent" or "conversation:visitor". Forgotten after 6 s. */
export const typers = new SvelteMap<string, boolean>();

const LOOK_MS = 30_000;
const TYPE_MS = 6_000;
const timers = new Map<string, ReturnType<typeof setTimeout>>();

export function startDirectory(): void {
  const live = client();
  live.on("directory", () => void readDirectory());
  live.on("connection", ({ state }) => state === "live" && void readDirectory());
  live.on("presence", ({ agentId, online, loggedIn }) => {
    const agent = agents.get(agentId);
    if (agent) agents.set(agentId, { ...agent, online, logged_in: loggedIn });
    // Who is not known yet, or is being read just now, would be shown as they were before.
    if (!agent || reading > 0) void readDirectory();
  });
  live.on("looking", ({ agentId, conversationId }) => fade(lookers, agentId, conversationId, LOOK_MS));
  live.on("agentTyping", ({ conversationId, agentId, on, note }) =>
    fade(typers, `${conversationId}:${agentId}`, on ? note : null, TYPE_MS),
  );
  live.on("visitorTyping", ({ conversationId, on }) =>
    fade(typers, `${conversationId}:visitor`, on ? false : null, TYPE_MS),
  );
}

/** Readings under way; only the newest one counts. */
let reading = 0;
let newest = 0;

export async function readDirectory(): Promise<void> {
  const turn = ++newest;
  reading += 1;
  try {
    const [agentList, teamList, channelList, roleList, labelList, fieldList, integrationList] =
      await Promise.all([
        call<Agent[]>("GET", "/agents"),
        call<Team[]>("GET", "/teams"),
        call<Channel[]>("GET", "/channels"),
        call<Role[]>("GET", "/roles"),
        call<Label[]>("GET", "/labels"),
        call<FieldList>("GET", "/fields"),
        call<Integration[]>("GET", "/integrations"),
      ]);
    if (turn !== newest) return;
    fill(agents, agentList);
    fill(teams, teamList);
    fill(channels, channelList.map(notOlder));
    fill(roles, roleList);
    fill(labels, labelList);
    fill(integrations, integrationList);
    fields.clear(); // their order counts
    fill(fields, fieldList.fields);
    directory.failed = null;
    directory.loaded = true;
  } catch (error) {
    directory.failed = error;
  } finally {
    reading -= 1;
  }
}

/** A channel that has just been saved here may be newer than what was read meanwhile. */
function notOlder(read: Channel): Channel {
  const known = channels.get(read.id);
  return known && known.revision > read.revision ? known : read;
}

function fill<One extends { id: string }>(map: SvelteMap<string, One>, list: One[]): void {
  const ids = new Set(list.map((one) => one.id));
  for (const id of [...map.keys()]) if (!ids.has(id)) map.delete(id);
  for (const one of list) map.set(one.id, one);
}

function fade<Value>(map: SvelteMap<string, Value>, key: string, value: Value | null, ms: number): void {
  clearTimeout(timers.get(key));
  if (value === null) {
    map.delete(key);
    return;
  }
  map.set(key, value);
  timers.set(
    key,
    setTimeout(() => map.delete(key), ms),
  );
}

/** The name of an agent, also of one who has left, or of a program. */
export function agentName(id: string | null): string | undefined {
  return id === null ? undefined : (agents.get(id) ?? integrations.get(id))?.display_name;
}
