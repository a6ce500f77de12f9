import type { OpenConversation } from "@alongside/client";
import { client } from "../../live/client.svelte";

/** How many conversations are followed after one has turned away, so that turning back shows them at once. */
const KEPT = 5;
const order: string[] = [];

/** Follow a conversation; those turned to longest ago are left. */
export function turnTo(id: string): OpenConversation {
  const at = order.indexOf(id);
  if (at >= 0) order.splice(at, 1);
  order.push(id);
  while (order.length > KEPT) client().leave(order.shift() ?? "");
  return client().conversation(id);
}
