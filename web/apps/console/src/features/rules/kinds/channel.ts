import type { ChannelCondition } from "@alongside/contract";
import { channels } from "../../../live/directory.svelte";
import { channelsPlace } from "../places";
import { askChannel } from "../questions";
import { words } from "../kind";

export default words<ChannelCondition>({
  kind: "channel",
  section: "page",
  rank: 28,
  fresh: () => {
    const [first] = channels.keys();
    return first ? { channel_ids: [first] } : null;
  },
  places: () => ({ channel_ids: channelsPlace }),
  asks: () => [askChannel],
});
