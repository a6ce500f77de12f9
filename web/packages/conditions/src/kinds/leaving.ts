import type { LeavingCondition } from "@alongside/contract";
import { BROWSER, type Judge } from "../language";

/** The pointer leaves the page upwards: the visitor is about to close it, or to go elsewhere. */
export default {
  places: BROWSER,
  holds: (_, { leaving }) => leaving ?? null,
} satisfies Judge<LeavingCondition>;
