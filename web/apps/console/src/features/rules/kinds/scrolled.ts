import type { ScrolledCondition } from "@alongside/contract";
import { number } from "../places";
import { askNumber } from "../questions";
import { words } from "../kind";

export default words<ScrolledCondition>({
  kind: "scrolled",
  section: "page",
  rank: 24,
  fresh: () => ({ percent: 50 }),
  places: () => ({ percent: number(1, 100) }),
  asks: () => [askNumber("scrolled")],
});
