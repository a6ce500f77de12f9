import type { AllOfflineCondition } from "@alongside/contract";
import { BOTH, known, type Judge } from "../language";

/** No agent is online. */
export default {
  places: BOTH,
  holds: (_, { agents }) => known(agents, ({ online }) => online === 0),
} satisfies Judge<AllOfflineCondition>;
