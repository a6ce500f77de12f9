import type { ReferrerCondition } from "@alongside/contract";
import { BOTH, compareTexts, type Judge } from "../language";

/** The page that led to the visit; empty where there is none. */
export default {
  places: BOTH,
  holds: (condition, { referrer }, search) => compareTexts(condition, referrer, search),
} satisfies Judge<ReferrerCondition>;
