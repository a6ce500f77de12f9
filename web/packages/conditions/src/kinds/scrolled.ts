import type { ScrolledCondition } from "@alongside/contract";
import { BROWSER, compareNumbers, type Judge } from "../language";

/** The visitor has scrolled down the page, so many percent of it. */
export default {
  places: BROWSER,
  holds: ({ percent }, { scrolled }) => compareNumbers("at_least", percent, scrolled),
} satisfies Judge<ScrolledCondition>;
