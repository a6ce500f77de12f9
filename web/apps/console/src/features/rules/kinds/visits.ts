import type { VisitsCondition } from "@alongside/contract";
import { choice, number, numberCompare } from "../places";
import { askNumber } from "../questions";
import { words } from "../kind";

export default words<VisitsCondition>({
  kind: "visits",
  section: "page",
  rank: 26,
  fresh: () => ({ of: "site", compare: "at_least", count: 2 }),
  places: ({ negate }) => ({
    of: choice("rules.visits", ["site", "page"]),
    compare: numberCompare(negate),
    count: number(0, 1_000_000),
  }),
  asks: ({ of }) => [askNumber(of === "site" ? "site_visits" : "page_visits")],
});
