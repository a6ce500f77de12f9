import type { AgentOnlineCondition } from "@alongside/contract";
import { askAgents } from "../questions";
import { words } from "../kind";

export default words<AgentOnlineCondition>({
  kind: "agent_online",
  section: "agents",
  rank: 1,
  fresh: () => ({}),
  places: () => ({}),
  asks: () => askAgents,
});
