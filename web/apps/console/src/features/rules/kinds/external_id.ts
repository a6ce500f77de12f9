import type { ExternalIdCondition } from "@alongside/contract";
import { askIds } from "../questions";
import { words } from "../kind";

export default words<ExternalIdCondition>({
  kind: "external_id",
  section: "visitor",
  rank: 33,
  fresh: () => ({ value: "" }),
  places: () => ({ value: { type: "text", most: 500, hint: "rules.anyId" } }),
  asks: () => [askIds],
});
