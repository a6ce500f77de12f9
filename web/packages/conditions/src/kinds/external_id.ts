import type { ExternalIdCondition } from "@alongside/contract";
import { BOTH, known, type Judge } from "../language";

/** The site vouched for an id of the visitor: any, or this one exactly. */
export default {
  places: BOTH,
  holds: ({ value }, { external_ids }) =>
    known(external_ids, (ids) => (value ? ids.includes(value) : ids.length > 0)),
} satisfies Judge<ExternalIdCondition>;
