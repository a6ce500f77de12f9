import type { WaitingCondition } from "@alongside/contract";
import { number } from "../places";
import { askNumber } from "../questions";
import { words } from "../kind";

export default words<WaitingCondition>({
  kind: "waiting",
  section: "message",
  rank: 42,
  fresh: () => ({ seconds: 60 }),
  places: () => ({ seconds: number(1, 604_800) }),
  asks: () => [askNumber("waiting_seconds")],
});
