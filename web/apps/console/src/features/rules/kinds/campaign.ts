import type { CampaignCondition } from "@alongside/contract";
import { text, textCompare } from "../places";
import { askText } from "../questions";
import { words } from "../kind";

export default words<CampaignCondition>({
  kind: "campaign",
  section: "page",
  rank: 22,
  fresh: () => ({ parameter: "utm_campaign", compare: "equals", value: "" }),
  places: ({ negate }) => ({
    parameter: { type: "text", most: 100, least: 1 },
    compare: textCompare(negate),
    value: text,
  }),
  asks: () => [askText("start_url")],
});
