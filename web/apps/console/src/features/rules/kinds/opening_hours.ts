import type { OpeningHoursCondition } from "@alongside/contract";
import { t } from "../../../i18n/index.svelte";
import { hoursPlace } from "../places";
import { askHours } from "../questions";
import { told, words } from "../kind";

export default words<OpeningHoursCondition>({
  kind: "opening_hours",
  section: "time",
  rank: 10,
  fresh: () => ({ hours_id: null, inside: true }),
  places: () => ({
    inside: {
      type: "choice",
      options: () => [
        { value: true, label: t("rules.inside") },
        { value: false, label: t("rules.outside") },
      ],
    },
    hours_id: hoursPlace,
  }),
  asks: ({ hours_id }) => [askHours(hours_id, told(hoursPlace, hours_id))],
});
