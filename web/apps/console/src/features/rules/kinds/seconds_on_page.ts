import type { SecondsOnPageCondition } from "@alongside/contract";
import { number } from "../places";
import { askNumber } from "../questions";
import { words } from "../kind";

export default words<SecondsOnPageCondition>({
  kind: "seconds_on_page",
  section: "page",
  rank: 23,
  fresh: () => ({ seconds: 30 }),
  places: () => ({ seconds: number(0, 86_400) }),
  asks: () => [askNumber("seconds_on_page")],
});
