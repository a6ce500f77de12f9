import { call } from "../../live/api";
import { session } from "../session/session.svelte";

/** The zone in which the company counts its days. */
export function zone(): string {
  return session.workspace.time_zone;
}

export async function setZone(wanted: string): Promise<void> {
  const { zone: now } = await call<{ zone: string }>("PUT", "/reports/zone", { zone: wanted });
  session.workspace = { ...session.workspace, time_zone: now };
}
