import { go } from "../../shell/router.svelte";
import { toQuery, type Question } from "./question";

/** Show what a question asks; the address says it. */
export function show(question: Question, replace = false): void {
  const query = toQuery(question);
  go(`/tickets${query.size > 0 ? `?${query}` : ""}`, { replace });
}
