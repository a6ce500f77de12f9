import { VisitorClient, type Pending, type VisitorState } from "@alongside/client/visitor";
import { safeStorage } from "@alongside/client/drafts";
import type { Availability, ChannelLook, PageView, PublicMessage } from "@alongside/contract";
import type { ToPanel } from "../shared/messages";
import type { ActsPart } from "./acts/acts.svelte";
import type { AroundPart } from "./around/around.svelte";
import { chime, withSound } from "./chime";
import type * as DoorsPart from "./doors";
import type { More } from "./more/more.svelte";
import type { FilesPart } from "./files/part.svelte";
import { HostPage } from "./page";
import { unread } from "./rows";
import { Words } from "./texts";

const BANNER_AFTER_MS = 1_500;
const RELOAD_AGAIN_AFTER_MS = 60_000;
const ANNOUNCED = 5;

/** Everything the panel shows, and what can be done in it. */
export class Chat {
  look = $state.raw<ChannelLook | null>(null);
  words = $state.raw(new Words(navigator.languages, navigator.languages));
  open = $state.raw(false);
  visitor: VisitorState = $state.raw() as VisitorState;
  /** The connection has been away long enough to say so. */
  cut = $state.raw(false);
  offline = $state.raw(!navigator.onLine);
  /** What a screen reader has to say: messages of the team that came while the page was open. */
  announced = $state.raw<PublicMessage[]>([]);
  /** Counts up when the composer should take the focus. */
  focusAsked = $state.raw(0);
  draft: string = $state.raw("");
  /** The help centre in front of the chat: null is closed, "" its first page, else an article's address. */
  help = $state.raw<string | null>(null);
  /** What shows articles; null until there is one to show. */
  articles = $state.raw<typeof import("./articles") | null>(null);
  partFailed = $state.raw(false);
  /** What is needed for files; null until there are some. */
  files = $state.raw<FilesPart | null>(null);
  /** What can be done with messages; null until there are some. */
  acts = $state.raw<ActsPart | null>(null);

  /** Opening hours; null where the channel has none. */
  doors = $state.raw<typeof DoorsPart | null>(null);
  /** Where the visitor waits in the queue, in words. */
  waits = $state.raw("");
  /** It is closed: when somebody is back. */
  notice = $state.raw("");
  /** A form stands where the composer would. */
  form = $state.raw(false);
  /** What the company made different from what we ship; null where nothing is. */
  more = $state.raw<More | null>(null);

  readonly client: VisitorClient;
  readonly host: HostPage;

  private readonly memory = safeStorage("sessionStorage");
  private cutTimer: ReturnType<typeof setTimeout> | undefined;
  private told = { unread: 0, known: false };
  private looks = 0;

  constructor(private readonly key: string) {
    this.host = new HostPage((message) => this.heard(message));
    this.client = new VisitorClient({ origin: location.origin, channel: key });
    this.client.subscribe((state) => this.changed(state));
    this.client.on("news", (messages) => this.news(messages));
    this.client.on("look", () => void this.readLook());
    this.client.on("refused", (message) => this.warn(message));
    this.draft = this.memory?.getItem(`alongside:draft:${key}`) ?? "";
    addEventListener("online", () => (this.offline = false));
    addEventListener("offline", () => (this.offline = true));
    if (parent === window) void this.standAlone();
  }

  /** Tell who built the page. */
  warn(message: string): void {
    this.host.tell({ type: "refused", message });
  }

  close(): void {
    this.host.tell({ type: "close" });
  }

  /** Read an article, or look for one. */
  openHelp(slug = ""): void {
    this.help = slug;
    void this.needArticles();
  }

  /** Back to the chat. */
  closeHelp(): void {
    this.help = null;
    this.focusAsked++;
  }

  write(text: string): void {
    this.draft = text;
    this.keepDraft();
    if (text !== "") this.client.pressed();
  }

  async send(): Promise<void> {
    if (this.look?.preview || this.files?.hold() || (await (await this.needAround())?.hold())) return;
    const text = this.draft.trim();
    const files = this.files?.take() ?? [];
    if (text === "" && !files[0]) return;
    this.draft = "";
    this.keepDraft();
    await this.client.send(text, files, this.acts?.take());
    this.tellHost();
  }

  /** Add files to the next message. */
  async attach(files: Iterable<File>): Promise<void> {
    if (this.look?.preview) return;
    const chosen = [...files]; // a chooser forgets them
    (await this.needFiles())?.add(chosen);
  }

  /** The ways in which files come: chosen, or made here. */
  async choose(picker?: HTMLInputElement): Promise<void> {
    (await this.needFiles())?.choose(picker);
  }

  /** A part of the panel that comes when it is needed. Null when it does not come; the visitor is told. */
  async later<Part>(coming: Promise<Part>): Promise<Part | null> {
    const part = await coming.catch(() => null);
    this.partFailed = !part;
    return part;
  }

  /** Who would answer now. Outside of the hours nobody would, whoever is online. */
  get who(): Availability {
    const there = this.visitor.availability ?? (this.look as ChannelLook).availability;
    return this.notice ? { online: false, agents: [] } : there;
  }

  retry(id: string): void {
    void this.client.retry(id);
  }

  /** Take a refused message back into the composer, before what is typed there. */
  edit({ id, text, attachments, more }: Pending): void {
    this.discard(id);
    this.acts?.putBack(more);
    if (attachments[0]) void this.needFiles().then((part) => part?.putBack(attachments));
    this.write(this.draft.trim() === "" ? text : `${text}\n${this.draft}`);
    this.focusAsked++;
  }

  discard(id: string): void {
    void this.client.discard(id);
  }

  older(): Promise<void> {
    return this.client.older();
  }

  /** The newest message is on the screen. */
  read(): void {
    if (this.open && document.visibilityState === "visible") this.client.markSeen();
  }

  private async needDoors(): Promise<void> {
    if (this.look?.gate) this.doors ??= await this.later(import("./doors"));
  }

  private async needArticles(): Promise<void> {
    this.articles ??= await this.later(import("./articles"));
    if (!this.articles) this.help = null;
  }

  /** What comes before and after the chat is loaded on channels that want some of it, and puts itself into the thread. */
  private async needAround(): Promise<AroundPart | null> {
    if (!this.look?.around) return null;
    return (await this.later(import("./around/around.svelte")))?.begin(this, this.client) ?? null;
  }

  /** Most chats never carry a file: the code for them comes with the first one. */
  private async needFiles(): Promise<FilesPart | null> {
    const part = await this.later(import("./files/part.svelte"));
    if (part) this.files ??= new part.FilesPart(this, this.client);
    return this.files;
  }

  private async tellPlace(): Promise<void> {
    const part = await import("./queue").catch(() => null);
    this.waits = part?.waiting(this.words, this.visitor.queue) ?? "";
  }

  private async needActs(): Promise<void> {
    const part = await import("./acts/acts.svelte").catch(() => null);
    if (part) this.acts ??= new part.ActsPart(this, this.client);
  }

  private heard(message: ToPanel): void {
    switch (message.type) {
      case "hello":
        return this.begin(message);
      case "open":
        return this.opened();
      case "closed":
        this.open = false;
        return;
      case "look":
        return void this.take(message.look);
      case "page":
        return this.client.page(this.visit(message.page));
      case "identify":
        return void this.client.identify(message.identity).then(() => this.tellHost());
      case "reset":
        return void this.client.reset().then(() => this.tellHost());
      default: // of action rules, on channels that have some
        return void import("./ruled/ruled.svelte").then(({ heard }) => heard(this, message));
    }
  }

  private begin(hello: Extract<ToPanel, { type: "hello" }>): void {
    this.words = new Words(hello.languages.map(String), navigator.languages);
    document.documentElement.lang = this.words.language;
    document.documentElement.dir = hello.dir;
    this.client.page(this.visit(hello.page));
    void this.take(hello.look).then(() => {
      this.host.tell({ type: "ready" });
      if (hello.open) this.opened(hello.focus);
    });
    if (hello.look.preview) return;
    void this.client.recall().then(() => {
      if (this.client.known) this.client.start();
      this.tellHost();
    });
  }

  private opened(focus = true): void {
    this.open = true;
    if (focus && !this.look?.preview) this.focusAsked++;
    if (!this.look?.preview) this.client.start();
    void this.needAround();
  }

  /** Show the channel as it looks now. What the company made different comes as a part of its own. */
  private async take(look: ChannelLook): Promise<void> {
    this.look = look;
    void this.needDoors();
    if (!look.more && !this.more) return;
    const part = await this.later(import("./more/more.svelte"));
    if (part) await (this.more ??= new part.More(this)).dress(look);
  }

  /** Opened by its own address: there is no page to say how we look. */
  private async standAlone(): Promise<void> {
    await this.readLook();
    this.opened();
  }

  async readLook(): Promise<void> {
    const turn = ++this.looks;
    const answer = await fetch(`/api/v1/widget/channels/${encodeURIComponent(this.key)}`).catch(() => null);
    const look = answer?.ok && ((await answer.json()) as ChannelLook);
    if (!look || turn !== this.looks) return; // an older answer may come after a newer one
    this.host.tell({ type: "look", look });
    await this.take(look);
    if (this.open) void this.needAround();
  }

  private visit(page: PageView): PageView {
    const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return { ...page, screen: `${screen.width}x${screen.height}`, timezone };
  }

  private changed(state: VisitorState): void {
    this.visitor = state;
    if (!this.files && state.messages.some(({ attachments }) => attachments[0])) void this.needFiles();
    this.watchCut(state.connection === "waiting" || state.connection === "connecting");
    if (state.queue || this.waits) void this.tellPlace();
    if (state.messages[0]) void this.needActs();
    // Only who has written hears sounds, and may not want to.
    if (state.messages[0]) withSound((part) => part.offerMute(this));
    if (!this.articles && state.messages.some(({ cards }) => cards[0])) void this.needArticles();
    if (state.stopped === "too-old") this.reload();
    if (state.stopped === "unknown-channel") this.host.tell({ type: "gone" });
    this.tellHost();
  }

  private watchCut(away: boolean): void {
    if (!away) {
      clearTimeout(this.cutTimer);
      this.cutTimer = undefined;
      this.cut = false;
    } else {
      this.cutTimer ??= setTimeout(() => (this.cut = true), BANNER_AFTER_MS);
    }
  }

  /** The server is newer than this page. Once; then the visitor is told. */
  private reload(): void {
    const last = Number(this.memory?.getItem("alongside:reloaded") ?? 0);
    if (Date.now() - last < RELOAD_AGAIN_AFTER_MS) return;
    this.memory?.setItem("alongside:reloaded", String(Date.now()));
    location.reload();
  }

  private news(messages: PublicMessage[]): void {
    for (const { mine, at } of messages) this.host.tell({ type: "message", mine, at });
    const theirs = messages.filter((message) => !message.mine);
    if (theirs.length === 0) return;
    this.announced = [...this.announced, ...theirs].slice(-ANNOUNCED);
    if (
      this.look?.sound &&
      theirs.some((message) => !message.automatic) &&
      !(this.open && document.hasFocus())
    )
      chime();
  }

  private tellHost(): void {
    const count = unread(this.visitor.messages, this.visitor.seen);
    const known = this.client?.known ?? false;
    if (count !== this.told.unread) this.host.tell({ type: "unread", count });
    if (known !== this.told.known) this.host.tell({ type: "known", known });
    this.told = { unread: count, known };
  }

  private keepDraft(): void {
    try {
      this.memory?.setItem(`alongside:draft:${this.key}`, this.draft);
    } catch {
      // Storage is full: the text stays on the screen.
    }
  }
}
