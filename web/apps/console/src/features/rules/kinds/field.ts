import type { FieldCondition } from "@alongside/contract";
import { fields } from "../../../live/directory.svelte";
import { fieldPlace, text, textCompare } from "../places";
import { askField } from "../questions";
import { told, words } from "../kind";

export default words<FieldCondition>({
  kind: "field",
  section: "visitor",
  rank: 31,
  fresh: () => {
    const [first] = fields.keys();
    return first ? { field_id: first, compare: "known", value: "" } : null;
  },
  places: ({ negate, compare }) => ({
    field_id: fieldPlace,
    compare: textCompare(negate, ["known", "at_least", "at_most"]),
    ...(compare !== "known" && { value: text }),
  }),
  asks: ({ field_id }) => [askField(field_id, told(fieldPlace, field_id))],
});
