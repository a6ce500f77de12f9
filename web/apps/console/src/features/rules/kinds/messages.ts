import type { MessagesCondition } from "@alongside/contract";
import { number, numberCompare } from "../places";
import { askNumber } from "../questions";
import { words } from "../kind";

export default words<MessagesCondition>({
  kind: "messages",
  section: "message",
  rank: 41,
  fresh: () => ({ compare: "at_least", count: 3 }),
  places: ({ negate }) => ({ compare: numberCompare(negate), count: number(0, 1_000_000) }),
  asks: () => [askNumber("messages")],
});
