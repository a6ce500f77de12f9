import { outcomeOf, type HttpError } from "./http";
import { sameSubject, type Claims, type Identity, type Sessions } from "./visitor-session";

export interface WhoOptions {
  /** There may be another token by now. */
  changed(): void;
  /** Somebody else follows: what the one before has not sent goes. */
  left(): Promise<void>;
  /** In words for the page's developer. */
  refused(message: string): void;
}

/** Who the page says its visitor is: told to the server when it can be reached, the last word holding. */
export class Who {
  claims: Claims | null = null;
  /** The question that is on its way. */
  asking: Promise<void> | null = null;
  private signed: string | null = null;

  constructor(
    private sessions: Sessions,
    private options: WhoOptions,
  ) {}

  /** Without an answer, `recallAndSignIn` tries again. */
  async recall(): Promise<void> {
    await this.sessions.recall().catch(() => undefined);
    this.options.changed();
  }

  /** The server is there (again), or the token is gone: take up what the cookie keeps, and what was not answered. */
  async recallAndSignIn(): Promise<void> {
    if (this.sessions.denied) await this.recall();
    if (this.signed && !this.sessions.current?.person) await this.tell({ token: this.signed });
  }

  async identify(identity: Identity): Promise<void> {
    if (this.sessions.denied) await this.recall();
    if (!("token" in identity)) this.claims = identity.claims;
    // Whoever is being made just now does not know this yet.
    if (this.sessions.starting) await this.sessions.starting.catch(() => undefined);
    const before = this.sessions.current;
    if ("token" in identity) {
      this.signed = identity.token;
      const person = await this.sessions.personOf(identity.token);
      if (before?.person === person) return;
      if (before?.person && !sameSubject(before.person, person)) {
        // A cookie is the server's to end.
        if (this.sessions.denied) await this.endToken();
        await this.leave();
      }
    } else if (!before) return this.options.changed(); // they go with the first message
    await this.tell(identity);
  }

  async reset(): Promise<void> {
    this.signed = this.claims = null;
    if (this.sessions.denied) await this.recall();
    const ended = this.sessions.current && this.endToken();
    await this.leave();
    await ended; // without an answer the token is forgotten all the same
  }

  private async endToken(): Promise<void> {
    await this.sessions.http.post("/reset").catch(() => undefined);
  }

  private async leave(): Promise<void> {
    this.sessions.forget();
    this.options.changed();
    await this.options.left();
  }

  private async tell(identity: Identity): Promise<void> {
    if (this.asking) return;
    this.asking = this.ask(identity).finally(() => (this.asking = null));
    await this.asking;
    // Meanwhile the page named somebody else.
    if ("token" in identity && this.signed && this.signed !== identity.token) {
      await this.identify({ token: this.signed });
    }
  }

  private async ask(identity: Identity): Promise<void> {
    try {
      await this.sessions.identify(identity);
      this.options.changed();
    } catch (error) {
      if (outcomeOf(error).kind === "later") return;
      if (!("token" in identity) || this.signed === identity.token) this.signed = null;
      this.options.refused((error as HttpError).message);
    }
  }
}
