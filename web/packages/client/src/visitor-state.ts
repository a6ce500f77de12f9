import type { Availability, Person, PublicMessage, VisitorBrief } from "@alongside/contract";
import type { ConnectionState, StopReason } from "./connection";
import type { Pending, PendingStore } from "./store";

export type { ConnectionState, Pending, StopReason };

export interface VisitorOptions {
  /** Scheme, host and port of the server. */
  origin: string;
  /** The channel's key. */
  channel: string;
  store?: PendingStore;
}

export interface VisitorState {
  connection: ConnectionState;
  /** Why the connection stopped for good. */
  stopped: StopReason | null;
  /** False until the history is known; true at once for a visitor without one. */
  loaded: boolean;
  visitor: VisitorBrief | null;
  /** Null until the server said. */
  availability: Availability | null;
  messages: PublicMessage[];
  hasMore: boolean;
  pending: Pending[];
  teamSeen: number;
  seen: number;
  /** Where the visitor waits in the queue, and about how many minutes still; null while they do not. */
  queue: { place: number | null; minutes: number | null } | null;
  /** The agent who types now. */
  typing: Person | null;
}

export interface VisitorEvents {
  state: VisitorState;
  /** Messages that came live, in order; own ones from another tab too. */
  news: PublicMessage[];
  /** The channel's look changed: read it again. */
  look: undefined;
  /** The chat is over, or goes on: read again what can be done around it. */
  around: undefined;
  /** Something the page asked for was refused, in words for its developer. */
  refused: string;
}

/** What is known before the server said anything. */
export function firstState(visitor: VisitorBrief | null, loaded: boolean): VisitorState {
  return {
    connection: "idle",
    stopped: null,
    loaded,
    visitor,
    availability: null,
    messages: [],
    hasMore: false,
    pending: [],
    teamSeen: 0,
    seen: 0,
    queue: null,
    typing: null,
  };
}

/** What became of an earlier message. */
export function changed(messages: PublicMessage[], { change }: PublicMessage): PublicMessage[] {
  if (!change) return messages;
  const { of, deleted, text } = change;
  return messages.map((message) =>
    message.seq !== of
      ? message
      : deleted
        ? { ...message, text: "", cards: [], attachments: [], quote: null, deleted }
        : { ...message, text: text ?? message.text, edited: true },
  );
}
