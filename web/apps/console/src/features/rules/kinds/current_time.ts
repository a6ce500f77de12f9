import type { CurrentTimeCondition } from "@alongside/contract";
import { minute, zone } from "../places";
import { askMoment } from "../questions";
import { words } from "../kind";

export default words<CurrentTimeCondition>({
  kind: "current_time",
  section: "time",
  rank: 11,
  fresh: () => ({ after: "09:00", before: "17:00", zone: "" }),
  places: () => ({ after: minute, before: minute, zone }),
  asks: () => [askMoment],
});
