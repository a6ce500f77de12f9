// What an agent's live side tells, event by event.
import type { ConversationRow, ReportExport, RuleKind, TicketRow } from "@alongside/contract";
import type { ConnectionState, StopReason } from "./connection";
import type { Pending } from "./store";

export interface AgentEvents {
  /** The socket's state; `reason` is set when it stopped for good. */
  connection: { state: ConnectionState; reason: StopReason | null };
  /** Signed in over the socket; `version` is the server's, which a stale tab compares with its own. */
  welcome: { version: string; epoch: string };
  /** A row of the inbox changed, wherever it stands: for the title badge, pop-ups and sounds. */
  row: { row: ConversationRow; wasStatus: ConversationRow["status"] | null; isNew: boolean };
  assigned: { row: ConversationRow; byAgentId: string | null };
  /** A visitor waits longer than this agent wants. */
  waits: { row: ConversationRow };
  /** The time of an SLA target that concerns this agent is nearly up, or is. */
  alarm: { name: string; over: boolean };
  target: { row: ConversationRow; alarm: "warning" | "breach" };
  /** A note named this agent, or a team of theirs. */
  mentioned: { row: ConversationRow };
  presence: { agentId: string; online: boolean; loggedIn: boolean };
  looking: { agentId: string; conversationId: string | null };
  visitorPage: { contactId: string; url: string | null; title: string | null; online: boolean };
  visitorTyping: { conversationId: string; on: boolean };
  agentTyping: { conversationId: string; agentId: string; on: boolean; note: boolean };
  /** Agents, teams, channels, fields or labels changed: read them again. */
  directory: undefined;
  /** Text blocks changed: search and read them again. */
  textBlocks: undefined;
  /** A ticket changed; `contactIds` are those in whose details it stands, or stood until now. */
  ticket: { row: TicketRow; contactIds: string[] };
  /** A view of tickets that everybody uses changed: read them again. */
  ticketViews: undefined;
  chatLinks: undefined;
  /** A file of a report that this agent asked for makes progress, is ready, or will not come. */
  reportExport: { file: ReportExport };
  /** Live from here on, or news may have been lost: what is shown and was read before must be read again. */
  missed: undefined;
  /** What is known of a contact changed, or of many (null): read again what shows it. */
  contact: { contactId: string | null };
  /** Rules of this kind changed: read them again where they are shown. */
  rules: { kind: RuleKind };
  /** Somebody began to wait for an agent, or waits no more: read the queue again. */
  queue: undefined;
  /** Articles or their categories changed: read them again where they are shown. */
  articles: { articleId: string | null; agentId: string | null };
  /** These conversations are gone: with their contact, or out of this agent's sight. */
  gone: { conversationIds: string[] };
  /** Unsent messages and notes of all conversations. */
  outbox: Pending[];
  /** The server refused a frame that no message belongs to. */
  refused: { code: string; message: string; conversationId: string | null };
}
