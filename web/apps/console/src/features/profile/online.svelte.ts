import { attempt, call } from "../../live/api";
import { agents } from "../../live/directory.svelte";
import { meChanged, session } from "../session/session.svelte";

let busy = $state(false);

export function changing(): boolean {
  return busy;
}

/** Go online or offline. The switch shows what the server has taken, not what was pressed. */
export async function goOnline(online: boolean): Promise<void> {
  busy = true;
  await attempt(async () => {
    await call("PUT", "/me/online", { online });
    if (!session.me) return;
    meChanged({ wants_online: online });
    const own = agents.get(session.me.id);
    if (own) agents.set(own.id, { ...own, online });
  });
  busy = false;
}
