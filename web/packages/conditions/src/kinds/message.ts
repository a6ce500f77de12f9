import type { MessageCondition } from "@alongside/contract";
import { BOTH, compareTexts, known, type Judge } from "../language";

/** The visitor has sent a message ("any"), or the last one's text is as wanted. */
export default {
  places: BOTH,
  holds: ({ compare, value }, { message, messages }, search) => {
    if (compare !== "any") return compareTexts({ compare, value }, message, search);
    return known(messages, (count) => count > 0) ?? known(message, (text) => text !== "");
  },
} satisfies Judge<MessageCondition>;
