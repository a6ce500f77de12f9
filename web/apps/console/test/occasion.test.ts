import { describe, expect, it } from "vitest";
import type { ConversationRow } from "@alongside/contract";
import { occasionOf, type RowNews } from "../src/features/notifications/occasion";

const EARLIER = "2026-03-11T10:00:00Z";
const NOW = "2026-03-11T10:05:00Z";

function news(row: Partial<ConversationRow>, more: Partial<RowNews> = {}): RowNews {
  const base = {
    status: "unread",
    preview_author: "visitor",
    preview_attachment: null,
    assignee_id: null,
    team_id: null,
    last_message_at: NOW,
  };
  const whole = { ...base, ...row } as ConversationRow;
  return {
    row: whole,
    wasStatus: "unread",
    before: undefined,
    newestBefore: EARLIER,
    agentId: "me",
    teamIds: ["mine"],
    ...more,
  };
}

describe("what is worth a sound", () => {
  it("is a conversation that begins, or begins again after Done", () => {
    expect(occasionOf(news({}, { wasStatus: null }))).toBe("newConversation");
    expect(occasionOf(news({}, { wasStatus: "done" }))).toBe("newConversation");
  });

  it("is a further message of a visitor", () => {
    expect(occasionOf(news({}, { wasStatus: "unresolved" }))).toBe("newMessage");
    expect(occasionOf(news({}, { before: { last_message_at: EARLIER } }))).toBe("newMessage");
  });

  it("is not a row that changed in something else", () => {
    expect(occasionOf(news({}, { before: { last_message_at: NOW } }))).toBeNull();
    expect(occasionOf(news({ last_message_at: EARLIER }))).toBeNull();
    expect(occasionOf(news({ preview_author: "agent", status: "unresolved" }))).toBeNull();
    expect(
      occasionOf(
        news({ last_message_at: EARLIER }, { wasStatus: "unresolved", before: { last_message_at: EARLIER } }),
      ),
    ).toBeNull();
  });

  it("is not what belongs to somebody else", () => {
    expect(occasionOf(news({ assignee_id: "other" }, { wasStatus: null }))).toBeNull();
    expect(occasionOf(news({ team_id: "theirs" }, { wasStatus: null }))).toBeNull();
    expect(occasionOf(news({ team_id: "mine" }, { wasStatus: null }))).toBe("newConversation");
    expect(occasionOf(news({ assignee_id: "me" }, { wasStatus: null }))).toBe("newConversation");
  });
});
