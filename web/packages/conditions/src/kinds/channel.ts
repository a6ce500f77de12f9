import type { ChannelCondition } from "@alongside/contract";
import { BOTH, known, type Judge } from "../language";

/** The visitor is on one of these channels. */
export default {
  places: BOTH,
  holds: ({ channel_ids }, facts) => known(facts.channel_id, (id) => channel_ids.includes(id)),
} satisfies Judge<ChannelCondition>;
