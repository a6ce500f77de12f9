import type { IdentifiedCondition } from "@alongside/contract";
import { askYes } from "../questions";
import { words } from "../kind";

export default words<IdentifiedCondition>({
  kind: "identified",
  section: "visitor",
  rank: 32,
  fresh: () => ({}),
  places: () => ({}),
  asks: () => [askYes("identified")],
});
