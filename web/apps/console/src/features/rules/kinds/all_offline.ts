import type { AllOfflineCondition } from "@alongside/contract";
import { askAgents } from "../questions";
import { words } from "../kind";

export default words<AllOfflineCondition>({
  kind: "all_offline",
  section: "agents",
  rank: 4,
  fresh: () => ({}),
  places: () => ({}),
  asks: () => askAgents,
});
