import type { PageView, StartVisitor, VisitorSession } from "@alongside/contract";
import { safeStorage } from "./drafts";
import { Http } from "./http";

/** What a page says of its visitor without proof. */
export type Claims = NonNullable<StartVisitor["claims"]>;

/** Who this browser is to one channel. `person` names the signed identity it was made with, null without. */
export interface Session extends Pick<VisitorSession, "token" | "visitor"> {
  person: string | null;
}

/** A JWT that the site signed, or what the page says without proof. */
export type Identity = { token: string } | { claims: Claims };

const TIMES = new Set(["iat", "exp", "nbf", "jti"]);

/** The visitor's token: made on the first need, kept in this origin's storage, shared by its tabs. */
export class Sessions {
  readonly http: Http;
  /** Told of each of the page's fields that the server left out, in words for the site's developer. */
  leftOut: (reason: string) => void = () => undefined;
  private memory: Session | null = null;
  private readonly storage = safeStorage("localStorage");
  private readonly key: string;
  private starting: Promise<Session> | null = null;

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
    this.storage?.removeItem(this.key);
  }

  forget(): void {
    this.drop();
    this.storage?.removeItem(`${this.key}:unsent`);
  }

  /** The token, made now if there is none; one request however many ask. */
  start(claims: Claims | null): Promise<Session> {
    const current = this.current;
    if (current) return Promise.resolve(current);
    const body = { channel: this.channel, visit: this.visit(), claims };
    this.starting ??= this.http
      .post<VisitorSession>("/visitors", body)
      .then((made) => this.made(made, null))
      .finally(() => (this.starting = null));
    return this.starting;
  }

  async identify(identity: Identity): Promise<Session> {
    const person = "token" in identity ? personOf(identity.token) : (this.current?.person ?? null);
    const body = { channel: this.channel, visit: this.visit(), ...identity };
    return this.made(await this.http.post<VisitorSession>("/identify", body), person);
  }

  /** Another tab got or dropped the token. Returns the end of watching. */
  watch(changed: () => void): () => void {
    const heard = (event: StorageEvent) => {
      if (event.key !== this.key && event.key !== null) return;
      if (event.newValue === null) this.memory = null;
      changed();
    };
    addEventListener("storage", heard);
    return () => removeEventListener("storage", heard);
  }

  private made({ token, visitor, left_out }: VisitorSession, person: string | null): Session {
    left_out?.forEach(this.leftOut);
    const session = { token, visitor, person };
    this.keep(session);
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
