import { HttpError, safeStorage } from "@alongside/client";
import type { Article, ArticleText } from "@alongside/contract";
import { call, explain } from "../../live/api";
import { client } from "../../live/client.svelte";
import { me } from "../session/session.svelte";

export interface Words {
  title: string;
  summary: string;
  body: string;
  slug: string;
}

/** What is on the screen but not yet on the server, kept in the browser until it is. */
interface Kept {
  revision: number;
  words: Words;
}

/** conflict: somebody else saved meanwhile, and a person must say which text counts. */
export type Saving = "saved" | "unsaved" | "saving" | "failed" | "conflict";

const PAUSE_MS = 900;
const AGAIN_MS = 5_000;

/**
 * An article in one language while it is written. Each pause in typing is saved to the server; until that is done the
 * words lie in this browser's storage, so neither a closed tab nor a lost network takes them.
 */
export class ArticleEditor {
  article = $state.raw<Article | null>(null);
  words = $state<Words>({ title: "", summary: "", body: "", slug: "" });
  saving = $state.raw<Saving>("saved");
  /** Why the last save failed, in words. */
  problem = $state.raw("");
  /** The text that somebody else saved, while ours differs. */
  theirs = $state.raw<ArticleText | null>(null);
  loading = $state.raw(true);
  failed = $state.raw<unknown>(null);

  private readonly storage = safeStorage("localStorage");
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  /** Readings of it are numbered, the newest alone counts; and how many are under way. */
  private turn = 0;
  private reading = 0;
  /** The revision that the words on the screen were made from. */
  private revision = 0;

  constructor(
    readonly id: string,
    readonly language: string,
  ) {}

  get text(): ArticleText | undefined {
    return this.article?.texts.find((one) => one.language === this.language);
  }

  /** Nothing is here or on its way that the server does not have. */
  get settled(): boolean {
    return this.saving === "saved";
  }

  /** Read it, and follow what others do to it, until the returned function is called. */
  start(): () => void {
    void this.read();
    const stop = client().on("articles", ({ articleId, agentId }) => {
      const mine = agentId === me().id && (this.saving === "saving" || this.running !== null);
      if ((articleId === this.id || articleId === null) && !mine) void this.refresh();
    });
    const back = client().on(
      "connection",
      ({ state }) => state === "live" && this.article && void this.refresh(),
    );
    return () => {
      stop();
      back();
      clearTimeout(this.timer);
      if (this.saving === "unsaved" || this.saving === "failed") void this.save();
    };
  }

  async read(): Promise<void> {
    this.failed = null;
    try {
      this.article = await call<Article>("GET", `/articles/${this.id}`);
    } catch (error) {
      this.failed = error;
      return;
    } finally {
      this.loading = false;
    }
    this.takeUp();
  }

  /** To be called at each change of a field. */
  changed(): void {
    if (this.saving !== "conflict") this.saving = "unsaved";
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), PAUSE_MS);
  }

  /** Save what is on the screen now; returns when that is done or has failed. One save at a time. */
  async save(): Promise<void> {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    if (this.saving === "saved" || this.saving === "conflict") return;
    this.running = this.saveOnce().finally(() => (this.running = null));
    await this.running;
  }

  async publish(): Promise<void> {
    await this.save();
    if (!this.settled) return;
    this.take(
      await call<ArticleText>("PUT", `${this.path}/published`, { revision: this.text?.revision ?? 0 }),
      false,
    );
    this.words.slug = this.text?.slug ?? "";
  }

  async unpublish(): Promise<void> {
    this.take(await call<ArticleText>("DELETE", `${this.path}/published`), false);
  }

  /** Go on with what the other person saved. What stood here is returned, for whoever wants it back. */
  takeTheirs(): Words {
    const mine = $state.snapshot(this.words);
    if (this.theirs) this.take(this.theirs, true);
    return mine;
  }

  /** Save what stands here over what the other person saved. */
  async takeMine(words?: Words): Promise<void> {
    if (words) this.words = { ...words };
    this.revision = this.theirs?.revision ?? this.text?.revision ?? this.revision;
    this.theirs = null;
    this.saving = "unsaved";
    this.keep();
    await this.save();
  }

  private get path(): string {
    return `/articles/${this.id}/texts/${this.language}`;
  }

  private get key(): string {
    return `alongside.article:${me().id}:${this.id}:${this.language}`;
  }

  private async saveOnce(): Promise<void> {
    const words = $state.snapshot(this.words);
    this.saving = "saving";
    this.problem = "";
    try {
      const body = { ...words, slug: words.slug.trim() || null, revision: this.revision };
      this.take(await call<ArticleText>("PUT", this.path, body), false, words);
    } catch (error) {
      await this.notSaved(error);
    }
  }

  private async notSaved(error: unknown): Promise<void> {
    if (error instanceof HttpError && error.code === "article-changed") return this.refresh();
    this.saving = "failed";
    this.problem = explain(error);
    const lasting =
      error instanceof HttpError && error.status < 500 && error.status !== 401 && error.status !== 429;
    if (!lasting) this.timer = setTimeout(() => void this.save(), AGAIN_MS);
  }

  /** Somebody changed the article, or we may have missed it. */
  private async refresh(): Promise<void> {
    const turn = ++this.turn;
    this.reading++;
    const article = await call<Article>("GET", `/articles/${this.id}`).catch((error: unknown) => {
      if (error instanceof HttpError && error.status === 404) this.failed = error;
      return null;
    });
    this.reading--;
    if (!article || turn !== this.turn) return;
    this.article = article;
    const theirs = this.text;
    if (!theirs || theirs.revision <= this.revision) return;
    if (same(wordsOf(theirs), this.words) || this.saving === "saved") this.take(theirs, true);
    else this.collide(theirs);
  }

  private collide(theirs: ArticleText): void {
    this.theirs = theirs;
    this.saving = "conflict";
    this.keep();
  }

  /** Begin with what the server has, or with what an earlier page could not save. */
  private takeUp(): void {
    const text = this.text;
    const kept = this.kept();
    if (text) this.take(text, true, undefined, true);
    if (!kept || (text && same(wordsOf(text), kept.words))) return this.forget();
    this.words = { ...kept.words };
    this.revision = kept.revision;
    if (text && text.revision > kept.revision) this.collide(text);
    else this.changed();
  }

  /** The server has `text`; with `shown` it also comes on the screen. `sent` is what was on the screen then. */
  private take(text: ArticleText, shown: boolean, sent?: Words, quietly = false): void {
    if (this.reading > 0) void this.refresh(); // what was asked for before may be older than this
    if (this.article) {
      const others = this.article.texts.filter((one) => one.language !== text.language);
      this.article = { ...this.article, texts: [...others, text] };
    }
    // Published or not, what was typed meanwhile is still to be saved.
    if (!shown && !sent && !this.settled) return;
    this.revision = text.revision;
    this.theirs = null;
    if (shown) this.words = wordsOf(text);
    const typedSince = sent !== undefined && !same(sent, this.words);
    this.saving = typedSince ? "unsaved" : "saved";
    if (typedSince) this.changed();
    else if (!quietly) this.forget();
  }

  private keep(): void {
    try {
      const kept: Kept = { revision: this.revision, words: $state.snapshot(this.words) };
      this.storage?.setItem(this.key, JSON.stringify(kept));
    } catch {
      // Storage is full: the words stay on the screen, and the page warns before it is left.
    }
  }

  private kept(): Kept | null {
    try {
      const kept = JSON.parse(this.storage?.getItem(this.key) ?? "null") as Kept | null;
      return typeof kept?.words.body === "string" ? kept : null;
    } catch {
      return null;
    }
  }

  private forget(): void {
    this.storage?.removeItem(this.key);
  }
}

export function wordsOf(text: ArticleText): Words {
  return { title: text.title, summary: text.summary, body: text.body, slug: text.slug ?? "" };
}

/** The server trims what it stores: blank ends are no difference. */
export function same(a: Words, b: Words): boolean {
  return (["title", "summary", "body", "slug"] as const).every(
    (field) => a[field].trim() === b[field].trim(),
  );
}
