import type { AllBusyCondition } from "@alongside/contract";
import { askAgents } from "../questions";
import { words } from "../kind";

export default words<AllBusyCondition>({
  kind: "all_busy",
  section: "agents",
  rank: 3,
  fresh: () => ({}),
  places: () => ({}),
  asks: () => askAgents,
});
