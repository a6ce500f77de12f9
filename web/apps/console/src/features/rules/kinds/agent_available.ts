import type { AgentAvailableCondition } from "@alongside/contract";
import { askAgents } from "../questions";
import { words } from "../kind";

export default words<AgentAvailableCondition>({
  kind: "agent_available",
  section: "agents",
  rank: 2,
  fresh: () => ({}),
  places: () => ({}),
  asks: () => askAgents,
});
