import type { MessagesCondition } from "@alongside/contract";
import { BOTH, compareNumbers, type Judge } from "../language";

/** The visitor has written so many messages in the running episode. */
export default {
  places: BOTH,
  holds: ({ compare, count }, { messages }) => compareNumbers(compare, count, messages),
} satisfies Judge<MessagesCondition>;
