import type { VisitsCondition } from "@alongside/contract";
import { BOTH, compareNumbers, type Judge } from "../language";

/** How often the visitor has visited the site, or seen this page, this time included. */
export default {
  places: BOTH,
  holds: ({ of, compare, count }, { site_visits, page_visits }) =>
    compareNumbers(compare, count, of === "site" ? site_visits : page_visits),
} satisfies Judge<VisitsCondition>;
