import type { WeekdayCondition } from "@alongside/contract";
import { daysPlace, zone } from "../places";
import { askMoment } from "../questions";
import { words } from "../kind";

export default words<WeekdayCondition>({
  kind: "weekday",
  section: "time",
  rank: 12,
  fresh: () => ({ days: [0, 1, 2, 3, 4], zone: "" }),
  places: () => ({ days: daysPlace, zone }),
  asks: () => [askMoment],
});
