import type { LabelCondition } from "@alongside/contract";
import { BOTH, known, type Judge } from "../language";

/** The customer or the conversation carries a label. */
export default {
  places: BOTH,
  holds: ({ label_id }, { label_ids }) => known(label_ids, (ids) => ids.includes(label_id)),
} satisfies Judge<LabelCondition>;
