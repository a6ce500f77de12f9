import type { WaitingCondition } from "@alongside/contract";
import { compareNumbers, SERVER, type Judge } from "../language";

/** The visitor has waited for an answer for some seconds. */
export default {
  places: SERVER,
  holds: ({ seconds }, { waiting_seconds }) => compareNumbers("at_least", seconds, waiting_seconds),
} satisfies Judge<WaitingCondition>;
