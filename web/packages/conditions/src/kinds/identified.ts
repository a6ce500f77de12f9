import type { IdentifiedCondition } from "@alongside/contract";
import { BOTH, type Judge } from "../language";

/** The site vouched for who the visitor is. */
export default {
  places: BOTH,
  holds: (_, { identified }) => identified ?? null,
} satisfies Judge<IdentifiedCondition>;
