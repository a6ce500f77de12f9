import type { VisitorClient } from "@alongside/client/visitor";
import type { AroundNow, Over, TranscriptNow } from "@alongside/contract";
import { mount } from "svelte";
import type { Chat } from "../chat.svelte";
import { beginPreview } from "./preview.svelte";
import { addStyles } from "../styles";
import Around from "./Around.svelte";
import css from "./around.css?inline";
import { Questions } from "./questions.svelte";
import { AroundWords } from "./words";

/** Where nobody is met: all goes well, and nothing happens. */
const PRETENDED = {
  put: () => Promise.resolve(),
  post: () => Promise.resolve(),
  delete: () => Promise.resolve(),
};

/** How the server refuses a message of somebody who owes an answer. */
const NEEDED = "answers-needed";

let begun: AroundPart | null = null;

/** Once, however often it is asked for: at the end of the thread. */
export function begin(chat: Chat, client: VisitorClient): AroundPart {
  if (begun) return begun;
  addStyles(css);
  begun = new AroundPart(chat, client);
  mount(Around, { target: document.querySelector("section") as Element, props: { part: begun } });
  beginPreview(chat, client, begun);
  return begun;
}

/** What is asked before the chat and done after it: loaded only on channels that want some of it. */
export class AroundPart {
  readonly words = $derived.by(() => new AroundWords(this.chat.words));
  readonly questions: Questions;
  over = $state.raw<Over | null>(null);
  transcript = $state.raw<TranscriptNow | null>(null);
  private asked = 0;
  private readingOver = 0;
  /** The episode that is not asked about again on this page, whatever the server has heard of it. */
  private declined = 0;
  private owes = false;
  private answers = 0;
  private reading: Promise<void> = Promise.resolve();

  constructor(
    readonly chat: Chat,
    private readonly client: VisitorClient,
  ) {
    this.questions = new Questions(chat, client);
    client.on("around", () => void this.read());
    client.on("look", () => void this.read());
    let live = "";
    client.subscribe(({ connection, messages, pending }) => {
      const owes = pending.some(({ problem }) => problem?.code === NEEDED);
      if (owes !== this.owes) void this.read();
      this.owes = owes;
      if (messages[0]) this.questions.begun();
      this.questions.told();
      const answers = messages.filter(({ mine }) => !mine).length;
      // The first answer is what makes a conversation worth sending.
      if (answers > this.answers && this.transcript?.answered === false) void this.read();
      this.answers = answers;
      const token = connection === "live" ? (client.sessions.current?.token ?? "") : "";
      if (token !== live && connection === "live") void this.read();
      live = token;
    });
    void this.read();
  }

  /** Do not ask about this episode again. Should the server not hear of it, it is asked again on the next page. */
  decline(over: Over): void {
    this.over = { ...over, declined: true };
    this.declined = over.episode;
    void this.http.post("/rating/declined", { episode: over.episode }).catch(() => undefined);
  }

  /** True when a message must wait: something is asked that has no answer yet. It stays in the composer. */
  async hold(): Promise<boolean> {
    await this.reading;
    if (!(await this.questions.answered())) return true;
    // What went out before the question was known was refused; now it may go.
    for (const { id, problem } of this.client.state.pending) {
      if (problem?.code === NEEDED) void this.client.retry(id);
    }
    return false;
  }

  /** Throws as `Http` does. */
  async rate(over: Over, stars: number, comment: string): Promise<void> {
    await this.http.put("/rating", { episode: over.episode, stars, comment });
    this.over = { ...over, stars, comment: comment.trim() || null };
    if (this.readingOver) void this.readOver(); // what was asked meanwhile may say that it is not rated
  }

  /** Have it by mail, now or when it is over. Throws as `Http` does. */
  async send(transcript: TranscriptNow, address: string): Promise<void> {
    await this.http.put("/transcript", { episode: transcript.episode, address });
    await this.read();
  }

  /** Not when it is over after all. Throws as `Http` does. */
  async keep(): Promise<void> {
    await this.http.delete("/transcript");
    await this.read();
  }

  private get http(): Pick<VisitorClient["sessions"]["http"], "put" | "post" | "delete"> | typeof PRETENDED {
    return this.chat.look?.preview ? PRETENDED : this.client.sessions.http;
  }

  /** Ask the server what there is to do. */
  read(): Promise<void> {
    const tried = this.chat.look?.preview;
    if (tried) {
      ({ over: this.over, transcript: this.transcript } = tried);
      this.questions.before = tried.before;
      return Promise.resolve();
    }
    return (this.reading = Promise.all([this.questions.read(), this.readOver()]).then(() => undefined));
  }

  /** Of several answers the last question's holds. */
  private async readOver(): Promise<void> {
    const turn = ++this.asked;
    if (!this.client.sessions.current) {
      this.over = this.transcript = null;
      return;
    }
    const answers = this.answers;
    this.readingOver++;
    const now = await this.client.sessions.http.get<AroundNow>("/around").catch(() => null);
    this.readingOver--;
    if (!now || turn !== this.asked) return;
    ({ over: this.over, transcript: this.transcript } = now);
    if (this.over?.episode === this.declined) this.over = { ...this.over, declined: true };
    // An answer that came meanwhile may be missing in what was read.
    if (now.transcript?.answered === false && this.answers > answers) void this.read();
  }
}
