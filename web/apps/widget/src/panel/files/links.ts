import type { Http } from "@alongside/client";
import type { AttachmentLink, AttachmentLinks } from "@alongside/contract";

/** Renewed so long before their end that a player which begins now can finish. */
const EARLY_MS = 2 * 3_600_000;
const MOST_AT_ONCE = 200;

interface Known {
  link: AttachmentLink | null;
  until: number;
}

/** Addresses for files, asked for together: pictures and players cannot send the visitor's token. */
export class Links {
  private readonly known = new Map<string, Promise<Known>>();
  private wanted = new Map<string, (known: Known) => void>();

  constructor(private readonly http: Http) {}

  /** Null when there is no such file (any more), or the server does not say. `fresh`: not the one known already. */
  async get(id: string, fresh = false): Promise<AttachmentLink | null> {
    const known = await this.known.get(id);
    if (known && !fresh && known.until > Date.now()) return known.link;
    const asked = this.ask(id);
    this.known.set(id, asked);
    return (await asked).link;
  }

  private ask(id: string): Promise<Known> {
    if (this.wanted.size === 0) setTimeout(() => void this.fetch());
    return new Promise((resolve) => this.wanted.set(id, resolve));
  }

  private async fetch(): Promise<void> {
    const wanted = [...this.wanted];
    this.wanted = new Map();
    for (let at = 0; at < wanted.length; at += MOST_AT_ONCE)
      await this.some(wanted.slice(at, at + MOST_AT_ONCE));
  }

  private async some(wanted: [string, (known: Known) => void][]): Promise<void> {
    const body = { ids: wanted.map(([id]) => id) };
    const answer = await this.http.post<AttachmentLinks>("/attachments/links", body).catch(() => null);
    const links = new Map(answer?.links.map((link) => [link.id, link]));
    const until = answer ? Date.now() + answer.seconds * 1000 - EARLY_MS : 0;
    for (const [id, resolve] of wanted) resolve({ link: links.get(id) ?? null, until });
  }
}
