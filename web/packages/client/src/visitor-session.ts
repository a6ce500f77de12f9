import type { KeptSession, PageView, StartVisitor, VisitorSession } from "@alongside/contract";
import { safeStorage } from "./drafts";
import { Http, outcomeOf } from "./http";

/** What a page says of its visitor without proof. */
export type Claims = NonNullable<StartVisitor["claims"]>;

/** Who this browser is to one channel. `person` names the signed identity it was made with, null without. */
export interface Session extends Pick<VisitorSession, "token" | "visitor"> {
  person: string | null;
}

/** A JWT that the site signed, or what the page says without proof. */
export type Identity = { token: string } | { claims: Claims };

const TIMES = new Set(["iat", "exp", "nbf", "jti"]);

/**
 * The visitor's token: made on the first need, kept in this origin's storage, shared by its tabs. Where the browser
 * denies a frame on another site its storage, the server keeps the token for us in a cookie that belongs to this frame
 * on that site; `recall` asks for it.
 */
export class Sessions {
  readonly http: Http;
  /** Told of each of the page's fields that the server left out, in words for the site's developer. */
  leftOut: (reason: string) => void = () => undefined;
  private memory: Session | null = null;
  private readonly storage = safeStorage("localStorage");
  private readonly key: string;
  /** Somebody new is being made. */
  starting: Promise<Session> | null = null;
  private recalling: Promise<void> | null = null;
  private tabs: BroadcastChannel | null = null;

  constructor(
    origin: string,
    private channel: string,
    private visit: () => PageView,
  ) {
    // Not the name that the loader uses: a page may live on the server's own origin.
    this.key = `alongside-visitor:${channel}`;
    this.http = new Http({
      base: `${origin}/api/v1/widget`,
      headers: (): Record<string, string> => {
        const token = this.current?.token;
        return token ? { Authorization: `Bearer ${token}` } : {};
      },
    });
  }

  /** The browser denies us its storage. */
  get denied(): boolean {
    return this.storage === null;
  }

  get current(): Session | null {
    const kept = this.storage?.getItem(this.key);
    if (kept === null || kept === undefined) return this.memory;
    try {
      const session = JSON.parse(kept) as Partial<Session> | null;
      return typeof session?.token === "string" ? (session as Session) : this.memory;
    } catch {
      return this.memory;
    }
  }

  /** Has anything been stored here before? Until then nothing may be. */
  get used(): boolean {
    return this.current !== null || this.storage?.getItem(`${this.key}:unsent`) === "1";
  }

  /** The visitor writes: from now on unsent messages may be kept. */
  use(): void {
    this.write(`${this.key}:unsent`, "1");
  }

  keep(session: Session): void {
    this.memory = session;
    this.write(this.key, JSON.stringify(session));
  }

  /** Forget the token, unless another tab has a newer one than `token` by now. */
  drop(token: string | undefined = this.current?.token): void {
    if (this.current?.token !== token) return;
    this.memory = null;
    this.recalling = null; // another tab may have put a newer one into the cookie
    this.storage?.removeItem(this.key);
  }

  /** Forget the person. What the cookie keeps ends with its token, which is the caller's to end. */
  forget(): void {
    this.drop();
    this.recalling = Promise.resolve();
    this.storage?.removeItem(`${this.key}:unsent`);
  }

  /** Know what the cookie keeps, where it is what keeps the token. Throws when the server cannot be reached. */
  recall(): Promise<void> {
    if (!this.denied || this.memory) return Promise.resolve();
    const asked = (this.recalling ??= this.http
      .post<KeptSession>("/visitors/resume", { channel: this.channel })
      .then(({ session, note }) => {
        if (session && this.recalling === asked) this.memory = { ...session, person: note || null };
      })
      .catch((error: unknown) => {
        if (outcomeOf(error).kind !== "later") return; // refused: there is no cookie for us here
        if (this.recalling === asked) this.recalling = null;
        throw error;
      }));
    return asked;
  }

  /** The token, made now if there is none; one request however many ask. */
  start(claims: Claims | null): Promise<Session> {
    const current = this.current;
    if (current) return Promise.resolve(current);
    this.starting ??= this.begin(claims).finally(() => (this.starting = null));
    return this.starting;
  }

  async identify(identity: Identity): Promise<Session> {
    const person = "token" in identity ? await this.personOf(identity.token) : (this.current?.person ?? null);
    return this.made("/identify", identity, person);
  }

  /** As `personOf`; short enough for a cookie where one keeps it. */
  async personOf(jwt: string): Promise<string> {
    const person = personOf(jwt);
    if (!this.keeps) return person;
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(person));
    return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** Another tab got or dropped the token. Returns the end of watching. */
  watch(changed: () => void): () => void {
    return this.denied ? this.watchTabs(changed) : this.watchStorage(changed);
  }

  private watchTabs(changed: () => void): () => void {
    if (typeof BroadcastChannel === "undefined") return () => undefined;
    const tabs = (this.tabs = new BroadcastChannel(this.key));
    tabs.onmessage = () => {
      this.memory = this.recalling = null;
      void this.recall().then(changed, changed);
    };
    return () => tabs.close();
  }

  private watchStorage(changed: () => void): () => void {
    const heard = (event: StorageEvent) => {
      if (event.key !== this.key && event.key !== null) return;
      if (event.newValue === null) this.memory = null;
      changed();
    };
    addEventListener("storage", heard);
    return () => removeEventListener("storage", heard);
  }

  /** Cookies for a frame want encryption, and so does `crypto.subtle`; without, the token lives as long as the page. */
  private get keeps(): boolean {
    return this.denied && globalThis.crypto?.subtle !== undefined;
  }

  private async begin(claims: Claims | null): Promise<Session> {
    await this.recall();
    return this.current ?? this.made("/visitors", { claims }, null);
  }

  private async made(path: string, more: object, person: string | null): Promise<Session> {
    const keep = this.keeps ? { keep: person ?? "" } : {};
    const body = { channel: this.channel, visit: this.visit(), ...more, ...keep };
    const { token, visitor, left_out } = await this.http.post<VisitorSession>(path, body);
    left_out?.forEach(this.leftOut);
    const session = { token, visitor, person };
    this.keep(session);
    if (this.denied) this.tabs?.postMessage(0);
    return session;
  }

  private write(key: string, value: string): void {
    try {
      this.storage?.setItem(key, value);
    } catch {
      // Storage is full: the token lives as long as the page.
    }
  }
}

/** Do both, as `personOf` made them, speak of the same person, whatever else they say? */
export function sameSubject(one: string, other: string): boolean {
  const subject = (person: string): unknown => {
    try {
      return new Map(JSON.parse(person) as [string, unknown][]).get("sub");
    } catch {
      return person;
    }
  };
  return subject(one) === subject(other);
}

/** Whom a JWT speaks of and what it says of them, without its times: equal for the same person on every page. */
export function personOf(jwt: string): string {
  try {
    const bytes = atob((jwt.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/"));
    const text = new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
    const said = Object.entries(JSON.parse(text) as object).filter(([name]) => !TIMES.has(name));
    return JSON.stringify(said.sort(([a], [b]) => (a < b ? -1 : 1)));
  } catch {
    return jwt; // the server will say what is wrong with it
  }
}
