import type { SecondsOnPageCondition } from "@alongside/contract";
import { BROWSER, compareNumbers, type Judge } from "../language";

/** The visitor has been on this page for some seconds. */
export default {
  places: BROWSER,
  holds: ({ seconds }, { seconds_on_page }) => compareNumbers("at_least", seconds, seconds_on_page),
} satisfies Judge<SecondsOnPageCondition>;
