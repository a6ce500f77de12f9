import type { AgentAvailableCondition } from "@alongside/contract";
import { BOTH, known, type Judge } from "../language";

/** At least one agent is online and has room for another chat. */
export default {
  places: BOTH,
  holds: (_, { agents }) => known(agents, ({ available }) => available > 0),
} satisfies Judge<AgentAvailableCondition>;
