import type {
  Availability,
  PageView,
  Person,
  PublicMessage,
  VisitorBrief,
  VisitorFrame,
  VisitorSnapshot,
  WidgetFrame,
  WidgetPosted,
} from "@alongside/contract";
import { Acks } from "./acks";
import { Connection, watchPage, type ConnectionState, type StopReason } from "./connection";
import { Emitter, unhandled } from "./emitter";
import { outcomeOf, type HttpError } from "./http";
import { Log, type Position } from "./log";
import { OwnMarks } from "./marks";
import { Outbox, type Outcome } from "./outbox";
import { bodyOf, openStore, type Pending } from "./store";
import { Fading, OwnTyping } from "./typing";
import { changed, firstState } from "./visitor-state";
import type { VisitorEvents, VisitorOptions, VisitorState } from "./visitor-state";
import { Sessions, type Claims, type Identity } from "./visitor-session";
import { Who } from "./visitor-who";

export type { Identity } from "./visitor-session";
export type { ConnectionState, Pending, StopReason, VisitorOptions, VisitorState } from "./visitor-state";

const YOUNG_MS = 10_000;

/** One visitor of one channel: the token, the socket, the log and the outbox. */
export class VisitorClient extends Emitter<VisitorEvents> {
  state: VisitorState;
  readonly sessions: Sessions;
  readonly who: Who;
  private readonly connection: Connection<VisitorFrame, WidgetFrame>;
  private readonly log: Log<PublicMessage>;
  private readonly outbox: Outbox;
  private readonly acks = new Acks();
  private readonly typing = new OwnTyping((on) => this.connection.send({ type: "typing", on }));
  private readonly team = new Fading<"team", Person>(() =>
    this.set({ typing: this.team.values.get("team") ?? null }),
  );
  private readonly own = new OwnMarks(
    () => ({
      delivered: this.state.messages.findLast((message) => !message.mine)?.seq ?? 0,
      seen: this.state.seen,
    }),
    (marks) => this.connection.send({ type: "marks", ...marks }),
  );
  private readonly endings: (() => void)[] = [];
  private tokenInUse: string | undefined;
  private tokenSince = 0;
  private visit: PageView = {};
  private started = false;
  private tries = 0;
  private readonly written = new Set<string | null>();

  constructor({ origin, channel, store }: VisitorOptions) {
    super();
    this.sessions = new Sessions(origin, channel, () => this.visit);
    this.sessions.leftOut = (reason) => this.emit("refused", reason);
    this.who = new Who(this.sessions, {
      changed: () => this.tokenChanged(),
      left: () => this.outbox.clear(),
      refused: (message) => this.emit("refused", message),
    });
    this.tokenInUse = this.sessions.current?.token;
    this.state = firstState(this.sessions.current?.visitor ?? null, this.tokenInUse === undefined);
    this.log = new Log<PublicMessage>({
      apply: changed,
      ask: (position) => this.ask(position),
      changed: (added, fresh) => this.logChanged(added, fresh),
    });
    this.outbox = new Outbox({
      owner: `visitor:${channel}`,
      store: store ?? openStore("alongside-visitor"),
      deliver: (item) => this.deliver(item),
      changed: (pending) => this.set({ pending }),
    });
    this.connection = new Connection<VisitorFrame, WidgetFrame>({
      url: `${origin.replace(/^http/, "ws")}/api/v1/widget/socket`,
      hello: () => ({
        type: "hello",
        channel,
        token: this.sessions.current?.token ?? null,
        resume: this.log.position,
        visit: this.visit,
      }),
      frame: (frame) => this.frame(frame),
      state: (connection, reason) => this.connectionChanged(connection, reason),
    });
  }

  /** Calls back with the state now and after each change, until the returned function is called. */
  subscribe(listener: (state: VisitorState) => void): () => void {
    listener(this.state);
    return this.on("state", listener);
  }

  /** Does this browser have a conversation, or one about to be sent? To be asked after `recall`. */
  get known(): boolean {
    return this.sessions.used;
  }

  start(): void {
    if (this.started) return;
    this.started = true;
    this.endings.push(
      watchPage(this.connection),
      this.sessions.watch(() => this.tokenChanged()),
    );
    if (this.sessions.used) void this.outbox.load();
    this.connection.start();
    if (this.sessions.denied) void this.recall();
  }

  stop(): void {
    this.endings.forEach((end) => end());
    this.connection.stop();
    this.outbox.close();
    this.log.dispose();
    this.own.clear();
  }

  async send(
    text: string,
    attachments: Pending["attachments"] = [],
    more: Pending["more"] = {},
  ): Promise<void> {
    this.typing.stop();
    this.sessions.use();
    this.written.add((await this.outbox.add({ scope: "conversation", text, attachments, more })).id);
  }

  /** A visitor, made now if there is none: files belong to somebody before the message that carries them. */
  async begin(): Promise<void> {
    await this.who.asking; // written by the person whom the page has just named
    await this.sessions.start(this.who.claims);
    this.tokenChanged();
  }

  retry(id: string): Promise<void> {
    return this.outbox.retry(id);
  }

  discard(id: string): Promise<void> {
    return this.outbox.discard(id);
  }

  /** To be called at each key press in the composer. */
  pressed(): void {
    if (this.sessions.current) this.typing.pressed();
  }

  /** What stands unsent in the composer; to be told only where the channel's look says so. */
  typed(text: string): void {
    if (this.sessions.current) this.connection.send({ type: "typing", on: text !== "", text });
  }

  /** The visitor has read everything up to `seq`. */
  markSeen(seq = this.log.last): void {
    if (seq <= this.state.seen) return;
    this.set({ seen: seq });
    this.own.changed();
  }

  /** Read the page of messages before the window. Throws when the server cannot be reached. */
  async older(): Promise<void> {
    const first = this.log.entries[0]?.seq;
    if (!this.state.hasMore || first === undefined) return;
    const page = await this.sessions.http.get<VisitorSnapshot>(`/conversation?before=${first}`);
    if (page.epoch === this.log.epoch) this.log.prepend(page.messages, page.has_more);
  }

  /** The visitor is on another page now. */
  page(visit: PageView): void {
    this.visit = visit;
    if (this.tokenInUse) this.connection.send({ type: "page", visit });
  }

  /** Know whether there is a token where the browser denies us its storage. An unreachable server is asked again. */
  recall(): Promise<void> {
    return this.who.recall();
  }

  /** What the page said of its visitor without proof. */
  get claims(): Claims | null {
    return this.who.claims;
  }

  /** Become the person a signed token names, or add unproven claims. */
  identify(identity: Identity): Promise<void> {
    return this.who.identify(identity);
  }

  /** Forget this person here and end the token; the next message starts a new visitor. */
  reset(): Promise<void> {
    return this.who.reset();
  }

  /** Use the stored token from now on; with another token comes another history. */
  private tokenChanged(): void {
    const session = this.sessions.current;
    if (session?.token === this.tokenInUse) return this.set({ visitor: session?.visitor ?? null });
    this.tokenInUse = session?.token;
    this.tokenSince = Date.now();
    this.own.clear();
    this.team.clear();
    this.log.clear();
    this.set({ visitor: session?.visitor ?? null, loaded: !session, seen: 0, teamSeen: 0 });
    if (this.started) this.connection.restart();
  }

  private connectionChanged(connection: ConnectionState, stopped: StopReason | null): void {
    if (connection !== "live") this.acks.closed();
    if (connection === "connecting") this.tries++;
    this.set({ connection, stopped });
    if (stopped === "signed-out" && this.sessions.current) this.tokenDied();
  }

  /** The token is of no use any more: go on as somebody new, keeping what is not sent yet. */
  private tokenDied(): void {
    this.sessions.drop(this.tokenInUse);
    this.tokenChanged();
    void this.who.recallAndSignIn();
  }

  private async deliver(item: Pending): Promise<Outcome> {
    // Asked all the same, the server would call the token void, and it would be lost when the channel comes back.
    if (this.state.stopped === "unknown-channel") {
      return { kind: "refused", problem: { code: "unknown-channel", message: "" } };
    }
    const ours = this.tokenInUse && this.sessions.current?.token === this.tokenInUse;
    if (ours) this.own.tellNow(); // what was read before this was written is read before it
    if (ours && this.connection.send({ type: "send", ...bodyOf(item) })) {
      const outcome = await this.acks.wait(item.id);
      if (outcome) return outcome;
    }
    return this.deliverByHttp(item).catch((error: unknown) => this.deliveryFailed(error));
  }

  private async deliverByHttp(item: Pending): Promise<Outcome> {
    await this.begin();
    const { message } = await this.sessions.http.post<WidgetPosted>("/conversation/messages", bodyOf(item));
    this.log.add(message);
    if (this.connection.state !== "live" && !this.log.position) await this.readOverHttp("");
    return { kind: "sent" };
  }

  private deliveryFailed(error: unknown): Outcome {
    const outcome = outcomeOf(error);
    if (outcome.kind !== "hold") return outcome;
    const young = Date.now() - this.tokenSince < YOUNG_MS;
    this.tokenDied();
    const { code, message } = error as HttpError;
    return young ? { kind: "later", problem: { code, message } } : { kind: "later", afterMs: 0 };
  }

  private ask(position: Position): void {
    const sent = this.connection.send({ type: "resume", position });
    if (!sent) void this.readOverHttp(`?after=${position.seq}`);
  }

  private async readOverHttp(query: string): Promise<void> {
    const token = this.tokenInUse;
    const page = await this.sessions.http.get<VisitorSnapshot>(`/conversation${query}`).catch(() => null);
    if (!page || token !== this.tokenInUse) return;
    if (query && page.epoch === this.log.epoch) this.log.addAll(page.messages);
    else this.readSnapshot(page);
  }

  private readSnapshot(snapshot: VisitorSnapshot): void {
    this.marks(snapshot.team_seen, snapshot.seen);
    this.log.reset(snapshot.epoch, snapshot.messages, snapshot.head, snapshot.has_more);
  }

  private frame(frame: WidgetFrame): void {
    switch (frame.type) {
      case "welcome":
        return this.welcome(frame.epoch, frame.visitor, frame.availability);
      case "reset":
        return this.readSnapshot(frame.snapshot);
      case "resumed":
        this.marks(frame.team_seen, frame.seen);
        return this.log.addAll(frame.messages);
      case "message":
        return this.log.add(frame.message);
      case "ack":
        this.log.add(frame.message);
        return this.acks.ack(frame.client_id);
      case "error":
        return frame.client_id ? this.acks.fail(frame.client_id, frame) : undefined;
      case "team_typing":
        return frame.on ? this.team.set("team", frame.person) : this.team.delete("team");
      case "team_seen":
        return this.marks(frame.seq, 0);
      case "own_marks":
        return this.marks(0, frame.seen);
      case "availability":
        return this.set({ availability: frame.availability });
      case "look_changed":
        return this.emit("look", undefined);
      case "around":
        return this.emit("around", undefined);
      case "queue":
        return this.set({ queue: frame.place ? frame : null });
      case "heartbeat":
        this.marks(frame.team_seen, 0);
        return this.log.head(frame.head);
      case "going_away":
        return; // the connection obeys it
      default:
        return unhandled(frame);
    }
  }

  private welcome(epoch: string, visitor: VisitorBrief | null, availability: Availability): void {
    this.log.expect(epoch);
    // Who waits is told again where.
    this.set({ visitor, availability, queue: null });
    if (this.sessions.used) void this.outbox.load();
    void this.who.recallAndSignIn();
    this.own.changed();
    // While the socket was away nobody heard of changes.
    if (this.tries > 1) this.emit("look", undefined);
  }

  private logChanged(added: PublicMessage[], fresh: boolean): void {
    for (const message of added) {
      // As the server counts it, and tells no mark: one's own message is read if all before it is.
      if (message.mine && this.state.seen === message.seq - 1) this.marks(0, message.seq);
      if (message.client_id) void this.outbox.settled(message.client_id);
      else if (!message.mine && !message.automatic) this.team.delete("team");
    }
    const messages = this.log.entries.filter((message) => !message.change);
    this.set({ messages, hasMore: this.log.hasMore, loaded: this.log.position !== null });
    if (added.some((message) => !message.mine)) this.own.changed();
    // What was written here is news even in a first snapshot.
    const news = added.filter(
      (message) => this.written.delete(message.client_id) || !(fresh || message.change),
    );
    if (news.length > 0) this.emit("news", news);
  }

  private marks(teamSeen: number, seen: number): void {
    this.own.known(seen);
    this.set({ teamSeen: Math.max(this.state.teamSeen, teamSeen), seen: Math.max(this.state.seen, seen) });
  }

  private set(change: Partial<VisitorState>): void {
    this.state = { ...this.state, ...change };
    this.emit("state", this.state);
  }
}
