import type { AgentFrame, ConsoleFrame, ConversationRow, Entry } from "@alongside/contract";
import { Acks } from "./acks";
import type { AgentEvents } from "./agent-events";
import { ConversationList } from "./agent-list";
import { OpenConversation } from "./agent-conversation";
import { Connection, watchPage, type ConnectionState, type StopReason } from "./connection";
import { Emitter, unhandled } from "./emitter";
import { Http, outcomeOf } from "./http";
import { Outbox, type Outcome } from "./outbox";
import { bodyOf, openStore, type Pending, type PendingStore } from "./store";

export interface AgentClientOptions {
  agentId: string;
  csrf: string;
  /** Scheme, host and port of the server; this page's own by default. */
  origin?: string;
  store?: PendingStore;
}

const LOOK_AGAIN_MS = 20_000;
const TAKEN = {
  code: "conversation-taken",
  message: "This conversation was given to somebody else, and your role does not show you theirs.",
};

const ERASED = { code: "contact-erased", message: "This customer was deleted with everything about them." };

/** A signed-in agent's live side: one socket, the list, the open conversations, the outbox. */
export class AgentClient extends Emitter<AgentEvents> {
  readonly http: Http;
  readonly list: ConversationList;
  readonly outbox: Outbox;
  readonly agentId: string;
  private readonly connection: Connection<AgentFrame, ConsoleFrame>;
  private readonly acks = new Acks();
  private readonly open = new Map<string, OpenConversation>();
  private unwatch: () => void = () => undefined;
  private looking: string | null = null;
  private lookAgain: ReturnType<typeof setInterval> | undefined;
  private csrf: string;

  constructor({ agentId, csrf, origin = location.origin, store }: AgentClientOptions) {
    super();
    this.agentId = agentId;
    this.csrf = csrf;
    this.http = agentHttp(origin, () => this.csrf);
    this.list = new ConversationList(this.http, agentId);
    this.outbox = new Outbox({
      owner: `agent:${agentId}`,
      store: store ?? openStore("alongside-agent"),
      deliver: (item) => this.deliver(item),
      changed: (items) => this.outboxChanged(items),
    });
    this.connection = new Connection<AgentFrame, ConsoleFrame>({
      url: `${origin.replace(/^http/, "ws")}/api/v1/console/socket`,
      hello: () => ({ type: "hello", csrf: this.csrf }),
      frame: (frame) => this.frame(frame),
      state: (state, reason) => this.connectionChanged(state, reason),
    });
  }

  get state(): ConnectionState {
    return this.connection.state;
  }

  start(): void {
    this.unwatch = watchPage(this.connection);
    this.lookAgain = setInterval(() => this.looking && this.say(this.lookingFrame()), LOOK_AGAIN_MS);
    this.connection.start();
  }

  /** Signed in anew in this page: go on with the new session. Nothing typed or queued is lost. */
  signedIn(csrf: string): void {
    this.csrf = csrf;
    this.connection.restart();
    this.outbox.resume();
  }

  stop(): void {
    this.unwatch();
    clearInterval(this.lookAgain);
    this.connection.stop();
    this.outbox.close();
    for (const conversation of this.open.values()) conversation.dispose();
    this.open.clear();
  }

  /** Follow a conversation. The same object for the same id until `leave`. */
  conversation(id: string): OpenConversation {
    const known = this.open.get(id);
    if (known) return known;
    const conversation = new OpenConversation(id, { ...this.links(), agentId: this.agentId });
    this.open.set(id, conversation);
    conversation.setPending(this.outbox.list(id));
    conversation.follow();
    return conversation;
  }

  leave(id: string): void {
    const conversation = this.open.get(id);
    if (!conversation) return;
    this.open.delete(id);
    conversation.dispose();
    this.say({ type: "leave", conversation_id: id });
    if (this.looking === id) this.look(null);
  }

  /** Say which conversation is in front, or none. Repeated by itself. */
  look(conversationId: string | null): void {
    if (this.looking === conversationId) return;
    this.looking = conversationId;
    this.say(this.lookingFrame());
  }

  private links() {
    return {
      http: this.http,
      outbox: this.outbox,
      say: (frame: AgentFrame) => this.say(frame),
      row: (row: ConversationRow) => this.list.patch(row, undefined),
    };
  }

  private lookingFrame(): AgentFrame {
    return { type: "looking", conversation_id: this.looking };
  }

  private say(frame: AgentFrame): boolean {
    return this.connection.send(frame);
  }

  private connectionChanged(state: ConnectionState, reason: StopReason | null): void {
    if (state !== "live") this.acks.closed();
    this.emit("connection", { state, reason });
  }

  private outboxChanged(items: Pending[]): void {
    for (const [id, conversation] of this.open) {
      conversation.setPending(items.filter((item) => item.scope === id));
    }
    this.emit("outbox", items);
  }

  private async deliver(item: Pending): Promise<Outcome> {
    const over = await this.deliverBySocket(item);
    return over ?? this.deliverByHttp(item).catch(outcomeOf);
  }

  private async deliverBySocket(item: Pending): Promise<Outcome | null> {
    const base = { conversation_id: item.scope, ...bodyOf(item) };
    const frame: AgentFrame =
      item.kind === "note" ? { type: "note", ...base } : { type: "send", ...base, then_done: item.thenDone };
    return this.say(frame) ? this.acks.wait(item.id) : null;
  }

  private async deliverByHttp(item: Pending): Promise<Outcome> {
    const path = `/conversations/${item.scope}/${item.kind === "note" ? "notes" : "messages"}`;
    const then = item.kind === "message" && item.thenDone ? { then_done: true } : {};
    const { entry } = await this.http.post<{ entry: Entry }>(path, { ...bodyOf(item), ...then });
    this.open.get(item.scope)?.log.add(entry);
    return { kind: "sent" };
  }

  private welcome(epoch: string): void {
    for (const conversation of this.open.values()) {
      conversation.log.expect(epoch);
      conversation.follow();
    }
    if (this.looking) this.say(this.lookingFrame());
    void this.list.refresh();
    void this.outbox.load();
  }

  private frame(frame: ConsoleFrame): void {
    switch (frame.type) {
      case "welcome":
        this.emit("welcome", { version: frame.version, epoch: frame.epoch });
        this.emit("missed", undefined);
        return this.welcome(frame.epoch);
      case "opened":
        this.list.patch(frame.snapshot.row, undefined);
        return this.open.get(frame.snapshot.row.id)?.opened(frame.snapshot);
      case "resumed":
        this.list.patch(frame.row, undefined);
        return this.open.get(frame.row.id)?.resumed(frame.row, frame.entries, frame.seen);
      case "entry":
        return this.open.get(frame.conversation_id)?.log.add(frame.entry);
      case "row":
        return this.rowChanged(frame.row, frame.was_status, frame.was_assignee_id);
      case "row_gone":
        this.emit("gone", { conversationIds: [frame.conversation_id] });
        this.list.take(frame.conversation_id, frame.last_seq, frame.was_status);
        return this.open.get(frame.conversation_id)?.refused(TAKEN);
      case "visitor_typing":
        this.open.get(frame.conversation_id)?.visitorTyping(frame.on);
        return this.emit("visitorTyping", { conversationId: frame.conversation_id, on: frame.on });
      case "visitor_preview":
        return this.open.get(frame.conversation_id)?.visitorPreview(frame.text);
      case "agent_typing":
        return this.agentTyping(frame.conversation_id, frame.agent_id, frame.on, frame.note);
      case "agent_looking":
        return this.emit("looking", { agentId: frame.agent_id, conversationId: frame.conversation_id });
      case "visitor_marks":
        this.list.marks(frame.conversation_id, frame.delivered, frame.seen);
        return this.open.get(frame.conversation_id)?.visitorMarks(frame.delivered, frame.seen);
      case "agent_mark":
        return this.open.get(frame.conversation_id)?.agentMark(frame.agent_id, frame.seq);
      case "visitor_page":
        return this.emit("visitorPage", {
          contactId: frame.contact_id,
          url: frame.url,
          title: frame.title,
          online: frame.online,
        });
      case "agent_presence":
        return this.emit("presence", {
          agentId: frame.agent_id,
          online: frame.online,
          loggedIn: frame.logged_in,
        });
      case "assigned":
        return this.emit("assigned", { row: frame.row, byAgentId: frame.by_agent_id });
      case "waits_too_long":
        return this.emit("waits", { row: frame.row });
      case "target_alarmed":
        return this.emit("target", { row: frame.row, alarm: frame.alarm });
      case "alarm":
        return this.emit("alarm", { name: frame.name, over: frame.over });
      case "mentioned":
        return this.emit("mentioned", { row: frame.row });
      case "contact_erased":
        this.emit("gone", { conversationIds: frame.conversation_ids });
        this.list.forget(frame.conversation_ids);
        for (const id of frame.conversation_ids) this.open.get(id)?.refused(ERASED);
        return this.emit("contact", { contactId: frame.contact_id });
      case "contact_changed":
        return this.emit("contact", { contactId: frame.contact_id });
      case "articles_changed":
        return this.emit("articles", { articleId: frame.article_id, agentId: frame.agent_id });
      case "rules_changed":
        return this.emit("rules", { kind: frame.kind });
      case "queue_changed":
        return this.emit("queue", undefined);
      case "directory_changed":
        return this.emit("directory", undefined);
      case "text_blocks_changed":
        return this.emit("textBlocks", undefined);
      case "ticket":
        return this.emit("ticket", { row: frame.row, contactIds: frame.contact_ids });
      case "ticket_views_changed":
        return this.emit("ticketViews", undefined);
      case "chat_links_changed":
        return this.emit("chatLinks", undefined);
      case "report_export":
        return this.emit("reportExport", { file: frame.export });
      case "ack":
        this.open.get(frame.conversation_id)?.log.add(frame.entry);
        return this.acks.ack(frame.client_id);
      case "error":
        return this.failed(frame);
      case "heartbeat":
        for (const [id, head] of Object.entries(frame.heads)) this.open.get(id)?.log.head(head);
        return;
      case "going_away":
        return; // the connection obeys it
      case "refresh":
        this.emit("missed", undefined);
        return void this.list.refresh();
      default:
        return unhandled(frame);
    }
  }

  private failed(frame: Extract<ConsoleFrame, { type: "error" }>): void {
    const { client_id, code, message, conversation_id } = frame;
    if (client_id) return this.acks.fail(client_id, frame);
    this.emit("refused", { code, message, conversationId: conversation_id });
    if (conversation_id) this.open.get(conversation_id)?.refused(frame);
  }

  private rowChanged(
    row: ConversationRow,
    wasStatus: ConversationRow["status"] | null,
    wasAssignee: string | null,
  ): void {
    const isNew = this.list.patch(row, { status: wasStatus, assigneeId: wasAssignee });
    this.open.get(row.id)?.setRow(row);
    this.emit("row", { row, wasStatus, isNew });
  }

  private agentTyping(conversationId: string, agentId: string, on: boolean, note: boolean): void {
    this.open.get(conversationId)?.agentTyping(agentId, on, note);
    this.emit("agentTyping", { conversationId, agentId, on, note });
  }
}

/** HTTP as an agent: the session's cookie, and its CSRF token where something changes. */
export function agentHttp(origin: string, csrf: () => string | null): Http {
  return new Http({
    base: `${origin}/api/v1`,
    headers: (method): Record<string, string> => {
      const token = csrf();
      return method === "GET" || token === null ? {} : { "X-CSRF-Token": token };
    },
  });
}
