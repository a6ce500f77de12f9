import type { MessageCondition } from "@alongside/contract";
import { text, textCompare } from "../places";
import { askNumber, askText } from "../questions";
import { words } from "../kind";

export default words<MessageCondition>({
  kind: "message",
  section: "message",
  rank: 40,
  fresh: () => ({ compare: "contains", value: "" }),
  places: ({ negate, compare }) => ({
    compare: textCompare(negate, ["any"]),
    ...(compare !== "any" && { value: text }),
  }),
  asks: ({ compare }) => [compare === "any" ? askNumber("messages") : askText("message", true)],
});
