import type { AllBusyCondition } from "@alongside/contract";
import { BOTH, known, type Judge } from "../language";

/** Somebody is online, and nobody of those has room for another chat. */
export default {
  places: BOTH,
  holds: (_, { agents }) => known(agents, ({ online, available }) => online > 0 && available === 0),
} satisfies Judge<AllBusyCondition>;
