import type {
  Attachment,
  Commented,
  ConversationRow,
  EditTicket,
  NewComment,
  TicketDetails,
  TicketEntry,
  TicketEntryPage,
  TicketRow,
} from "@alongside/contract";
import { HttpError, uuid7 } from "@alongside/client";
import { call } from "../../live/api";
import { client } from "../../live/client.svelte";

/**
 * One ticket, live. The server only says that the ticket is further than what is shown; then it is read whole, as at
 * first and as after a lost connection, so there is one way in which it comes to be right.
 */
export class TicketFile {
  details = $state.raw<TicketDetails | null>(null);
  /** The history without a gap up to the newest entry. */
  entries = $state.raw<readonly TicketEntry[]>([]);
  hasMore = $state(false);
  failed = $state.raw<unknown>(null);
  missing = $state(false);
  #turn = 0;
  /** The id of the comment being sent, kept until the server has it: a second try is the same comment. */
  #sending: { said: string; id: string } | null = null;

  constructor(readonly number: number) {}

  /** Read and follow until the returned function is called. */
  start(): () => void {
    void this.read();
    const ends = [
      client().on("ticket", ({ row }) => row.number === this.number && this.#told(row)),
      client().on("row", ({ row }) => this.#conversation(row)),
      client().on("missed", () => void this.read()),
    ];
    return () => ends.forEach((end) => end());
  }

  async read(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const details = await call<TicketDetails>("GET", `/tickets/${this.number}`);
      if (turn === this.#turn) this.#take(details);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.failed = error;
      this.missing = error instanceof HttpError && error.status === 404;
    }
  }

  async earlier(): Promise<void> {
    const first = this.entries[0]?.seq ?? 1;
    const page = await call<TicketEntryPage>(
      "GET",
      `/tickets/${this.number}/entries?before=${first}&limit=100`,
    );
    if (this.entries[0]?.seq !== first) return;
    this.entries = [...page.entries, ...this.entries];
    this.hasMore = page.has_more;
  }

  async edit(change: EditTicket): Promise<void> {
    await call<TicketRow>("PATCH", `/tickets/${this.number}`, change);
    await this.read();
  }

  async comment(text: string, files: readonly Attachment[] = []): Promise<void> {
    const attachments = files.map((file) => file.id);
    const said = JSON.stringify([text, attachments]);
    if (this.#sending?.said !== said) this.#sending = { said, id: uuid7() };
    const body: NewComment = { client_id: this.#sending.id, text, attachments };
    await call<Commented>("POST", `/tickets/${this.number}/comments`, body);
    this.#sending = null;
    await this.read();
  }

  /** Delete a file for good. */
  async removeFile(id: string): Promise<void> {
    await call<TicketRow>("DELETE", `/tickets/${this.number}/files/${id}`);
    await this.read();
  }

  async link(kind: "conversations" | "contacts", id: string, on: boolean): Promise<void> {
    await call<TicketRow>(on ? "PUT" : "DELETE", `/tickets/${this.number}/${kind}/${id}`);
    await this.read();
  }

  #told(row: TicketRow): void {
    if (row.last_seq > (this.details?.row.last_seq ?? 0)) void this.read();
  }

  /** A conversation that is linked goes on: its status and last words, and what its customer is called. */
  #conversation(row: ConversationRow): void {
    const details = this.details;
    if (!details) return;
    const conversations = details.conversations.map((one) => (one.id === row.id ? row : one));
    const contacts = details.contacts.map((one) => (one.id === row.contact.id ? row.contact : one));
    this.details = { ...details, conversations, contacts };
  }

  #take(details: TicketDetails): void {
    const newest = details.entries;
    const first = newest[0]?.seq ?? 1;
    const older = this.entries.filter((entry) => entry.seq < first);
    const joined = older.length > 0 && older.at(-1)?.seq === first - 1;
    this.entries = joined ? [...older, ...newest] : newest;
    if (!joined) this.hasMore = details.has_more;
    this.details = details;
    this.failed = null;
    this.missing = false;
  }
}
