import type { TicketView } from "@alongside/contract";
import { call } from "../../live/api";
import { client } from "../../live/client.svelte";
import { readLabels } from "./labels.svelte";

let list = $state.raw<readonly TicketView[]>([]);
let newest = 0;

/** The agent's own saved views and those that everybody uses, by name. */
export function savedViews(): readonly TicketView[] {
  return list;
}

export async function readViews(): Promise<void> {
  const turn = ++newest;
  const found = await call<TicketView[]>("GET", "/ticket-views").catch(() => null);
  if (found && turn === newest) list = found;
}

/** Read views and labels, and follow the views until the returned function is called. */
export function startViews(): () => void {
  const read = () => {
    void readViews();
    void readLabels();
  };
  read();
  const ends = [client().on("ticketViews", () => void readViews()), client().on("missed", read)];
  return () => ends.forEach((end) => end());
}
