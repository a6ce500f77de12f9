import type { LabelCondition } from "@alongside/contract";
import { t } from "../../../i18n/index.svelte";
import { labels } from "../../../live/directory.svelte";
import { labelPlace } from "../places";
import { askAmong } from "../questions";
import { told, words } from "../kind";

export default words<LabelCondition>({
  kind: "label",
  section: "visitor",
  rank: 30,
  fresh: () => {
    const [first] = labels.keys();
    return first ? { label_id: first } : null;
  },
  places: () => ({ label_id: labelPlace }),
  asks: ({ label_id }) => {
    const name = told(labelPlace, label_id);
    return [askAmong("label_ids", label_id, () => t("rules.fact.label", { name }))];
  },
});
