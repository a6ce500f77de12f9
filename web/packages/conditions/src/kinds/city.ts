import type { CityCondition } from "@alongside/contract";
import { BOTH, compareTexts, type Judge } from "../language";

/** The city where the visitor seems to be. */
export default {
  places: BOTH,
  holds: (condition, { city }, search) => compareTexts(condition, city, search),
} satisfies Judge<CityCondition>;
