import type { Entry } from "@alongside/contract";

/** The agent who looks on. */
export const ME = "agent-me";

/** A message of a log: the agent's with a client id, else the visitor's. */
export function message(seq: number, text: string, clientId: string | null = null): Entry {
  const author = {
    kind: clientId ? ("agent" as const) : ("visitor" as const),
    id: clientId ? ME : "contact",
  };
  const at = "2026-01-01T12:00:00Z";
  return {
    kind: "message",
    seq,
    episode: 1,
    author,
    at,
    status: null,
    public_seq: seq,
    client_id: clientId,
    text,
    cards: [],
    attachments: [],
    edited_at: null,
    deleted_at: null,
    quote: null,
    quote_public: null,
    as_agent: null,
  };
}
