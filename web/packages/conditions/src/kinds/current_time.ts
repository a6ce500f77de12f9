import type { CurrentTimeCondition } from "@alongside/contract";
import { BOTH, known, localTime, type Judge } from "../language";

/**
 * From `after` on and before `before`, by the clock in `zone` (empty: the company's).
 *
 * Over midnight where `after` is the later one; the whole day where both are the same.
 */
export default {
  places: BOTH,
  holds: ({ after, before, zone }, facts) =>
    known(localTime(facts, zone), ({ minutes }) =>
      after < before ? after <= minutes && minutes < before : minutes >= after || minutes < before,
    ),
} satisfies Judge<CurrentTimeCondition>;
