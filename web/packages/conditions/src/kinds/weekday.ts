import type { WeekdayCondition } from "@alongside/contract";
import { BOTH, known, localTime, type Judge } from "../language";

/** It is one of `days` (0 is Monday, 6 Sunday) in `zone` (empty: the company's). */
export default {
  places: BOTH,
  holds: ({ days, zone }, facts) => known(localTime(facts, zone), ({ weekday }) => days.includes(weekday)),
} satisfies Judge<WeekdayCondition>;
