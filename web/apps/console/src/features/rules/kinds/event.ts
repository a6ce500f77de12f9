import type { EventCondition } from "@alongside/contract";
import { t } from "../../../i18n/index.svelte";
import { askAmong } from "../questions";
import { words } from "../kind";

export default words<EventCondition>({
  kind: "event",
  section: "page",
  rank: 27,
  fresh: () => ({ name: "cart_opened", title: "" }),
  places: () => ({
    name: { type: "text", most: 100, least: 1 },
    title: { type: "text", most: 100, hint: "rules.eventTitle", said: "rules.eventTitled" },
  }),
  asks: ({ name }) => [askAmong("events", name, () => t("rules.fact.event", { name }))],
});
