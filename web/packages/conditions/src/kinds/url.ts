import type { UrlCondition } from "@alongside/contract";
import { BOTH, compareTexts, type Judge } from "../language";

/** The page where the visit began, or where the visitor is, by its whole address. */
export default {
  places: BOTH,
  holds: (condition, { start_url, page_url }, search) =>
    compareTexts(condition, condition.page === "start" ? start_url : page_url, search),
} satisfies Judge<UrlCondition>;
