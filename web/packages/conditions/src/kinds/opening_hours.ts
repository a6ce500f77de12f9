import type { OpeningHoursCondition } from "@alongside/contract";
import { BOTH, known, type Judge } from "../language";

/** It is `inside` of opening hours, or not. Without an id: the company's. */
export default {
  places: BOTH,
  holds: ({ hours_id, inside }, { hours }) => known(hours?.[hours_id ?? ""], (open) => open === inside),
} satisfies Judge<OpeningHoursCondition>;
