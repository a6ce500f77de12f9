import type { AgentOnlineCondition } from "@alongside/contract";
import { BOTH, known, type Judge } from "../language";

/** At least one agent is online. */
export default {
  places: BOTH,
  holds: (_, { agents }) => known(agents, ({ online }) => online > 0),
} satisfies Judge<AgentOnlineCondition>;
