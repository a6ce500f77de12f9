import type { UrlCondition } from "@alongside/contract";
import { choice, text, textCompare } from "../places";
import { askText } from "../questions";
import { words } from "../kind";

export default words<UrlCondition>({
  kind: "url",
  section: "page",
  rank: 20,
  fresh: () => ({ page: "current", compare: "contains", value: "" }),
  places: ({ negate }) => ({
    page: choice("rules.page", ["current", "start"]),
    compare: textCompare(negate),
    value: text,
  }),
  asks: ({ page }) => [askText(page === "start" ? "start_url" : "page_url")],
});
