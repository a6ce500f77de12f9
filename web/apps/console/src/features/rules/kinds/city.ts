import type { CityCondition } from "@alongside/contract";
import { text, textCompare } from "../places";
import { askText } from "../questions";
import { words } from "../kind";

export default words<CityCondition>({
  kind: "city",
  section: "visitor",
  rank: 35,
  fresh: () => ({ compare: "equals", value: "" }),
  places: ({ negate }) => ({ compare: textCompare(negate), value: text }),
  asks: () => [askText("city")],
});
