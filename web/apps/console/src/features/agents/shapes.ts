import type { Me } from "@alongside/contract";

/** A colleague as everybody sees them. */
export type Agent = Omit<Me, "permissions" | "sees" | "wants_online">;
