import type { ReferrerCondition } from "@alongside/contract";
import { text, textCompare } from "../places";
import { askText } from "../questions";
import { words } from "../kind";

export default words<ReferrerCondition>({
  kind: "referrer",
  section: "page",
  rank: 21,
  fresh: () => ({ compare: "contains", value: "" }),
  places: ({ negate }) => ({ compare: textCompare(negate), value: text }),
  asks: () => [askText("referrer", true)],
});
