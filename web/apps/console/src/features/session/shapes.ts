import type { Agent } from "../agents/shapes";

/** The signed-in agent. */
export interface Me extends Agent {
  permissions: string[];
  wants_online: boolean;
}

export interface SessionAnswer {
  me: Me;
  csrf: string;
  workspace: { name: string };
}
