import type { ContactDetails, Content, Visit } from "@alongside/contract";
import { call } from "../../live/api";
import { client } from "../../live/client.svelte";

/** What the details column shows of one contact; the newest visit moves along with the visitor. */
export class ContactView {
  details = $state.raw<ContactDetails | null>(null);
  failed = $state.raw<unknown>(null);
  #turn = 0;

  constructor(readonly id: string) {}

  /** Read, and follow the visitor's pages, until the returned function is called. */
  start(): () => void {
    void this.read();
    const ends = [
      client().on("visitorPage", (page) => page.contactId === this.id && this.#moved(page)),
      client().on("contact", ({ contactId }) => this.#is(contactId) && void this.read()),
      client().on("connection", ({ state }) => state === "live" && void this.read()),
    ];
    return () => ends.forEach((end) => end());
  }

  async read(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const details = await call<ContactDetails>("GET", `/contacts/${this.id}`);
      if (turn === this.#turn) [this.details, this.failed] = [details, null];
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    }
  }

  /** Correct a field; null clears it. */
  async edit(change: { name?: string | null; email?: string | null; phone?: string | null }): Promise<void> {
    await call("PATCH", `/contacts/${this.id}`, change);
    await this.read();
  }

  /** Set a field, unless somebody else has changed it since `was`; null clears it. */
  async setField(id: string, value: Content | null, was: Content | null): Promise<void> {
    await this.#took(call<ContactDetails>("PUT", `/contacts/${this.id}/fields/${id}`, { value, was }));
  }

  async label(id: string, on: boolean): Promise<void> {
    await this.#took(call<ContactDetails>(on ? "PUT" : "DELETE", `/contacts/${this.id}/labels/${id}`));
  }

  async undoMerge(id: string): Promise<void> {
    await this.#took(call<ContactDetails>("POST", `/contacts/merges/${id}/undo`));
  }

  async #took(answer: Promise<ContactDetails>): Promise<void> {
    const turn = ++this.#turn;
    try {
      const details = await answer;
      if (turn === this.#turn) this.details = details;
    } catch (error) {
      void this.read();
      throw error;
    }
  }

  /** Does this speak of the contact shown, or of the one that stands for it? */
  #is(contactId: string | null): boolean {
    return contactId === null || contactId === this.id || contactId === this.details?.contact.id;
  }

  #moved(page: { url: string | null; title: string | null; online: boolean }): void {
    const [newest, ...older] = this.details?.visits ?? [];
    if (!this.details) return;
    if (!newest || (page.online && !newest.online)) return void this.read(); // a new visit has more to tell
    const now = new Date().toISOString();
    const moved: Visit = {
      ...newest,
      online: page.online,
      last_seen_at: now,
      url: page.url ?? newest.url,
      title: page.title ?? newest.title,
    };
    this.details = { ...this.details, visits: [moved, ...older] };
  }
}
