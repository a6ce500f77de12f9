import type { LeavingCondition } from "@alongside/contract";
import { askYes } from "../questions";
import { words } from "../kind";

export default words<LeavingCondition>({
  kind: "leaving",
  section: "page",
  rank: 25,
  fresh: () => ({}),
  places: () => ({}),
  asks: () => [askYes("leaving")],
});
