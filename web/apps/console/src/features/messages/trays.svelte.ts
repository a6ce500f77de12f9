import { Uploads, type Sending } from "@alongside/client";
import type { Attachment } from "@alongside/contract";
import { client } from "../../live/client.svelte";
import { MOST_FILES } from "./files";

/** Where the files of a tray are announced, and where the announced ones are, before their id. */
export interface TrayDoor {
  begin: string;
  uploads: string;
}

/** The files that wait in one composer. They go on while something else is looked at. */
export class Tray {
  items: Sending[] = $state.raw([]);
  /** How many are being copied here at the server. */
  private copying = $state(0);
  private readonly uploads: Uploads;

  constructor(private readonly door: TrayDoor) {
    this.uploads = new Uploads({
      door: { http: client().http, ...door },
      changed: (items) => (this.items = items),
    });
  }

  get busy(): boolean {
    return (
      this.copying > 0 ||
      this.items.some(({ state }) => state === "queued" || state === "sending" || state === "waiting")
    );
  }

  get failed(): boolean {
    return this.items.some(({ state }) => state === "failed");
  }

  get whole(): number {
    return this.items.filter(({ attachment }) => attachment).length;
  }

  add(files: Iterable<File>): void {
    this.uploads.add(files);
  }

  /** The files of a text block go along; they are copied, so that a message keeps them whatever becomes of the block. */
  async takeFrom(textBlockId: string): Promise<void> {
    this.copying++;
    try {
      const body = { text_block_id: textBlockId };
      this.uploads.bring(await client().http.post<Attachment[]>(`${this.door.begin}/from-text-block`, body));
    } finally {
      this.copying--;
    }
  }

  /** The ids of what is whole, in order. */
  get ids(): string[] {
    return this.items.flatMap(({ attachment }) => attachment?.id ?? []);
  }

  /** What a message can carry of what is whole. */
  take(): Attachment[] {
    return this.uploads.take(MOST_FILES);
  }

  /** Files of a message that was not sent: they are at the server still. */
  putBack(files: readonly Attachment[]): void {
    this.uploads.putBack(files);
  }

  retry(id: string): void {
    this.uploads.retry(id);
  }

  cancel(id: string): void {
    this.uploads.cancel(id);
  }
}

const trays = new Map<string, Tray>();

export function trayOf(conversationId: string): Tray {
  return trayAt({ begin: `/conversations/${conversationId}/uploads`, uploads: "/uploads" });
}

/** A ticket has two: the files of the comment that is being written, and those that are put on the ticket itself. */
export function trayOfTicket(number: number, use: "comment" | "ticket"): Tray {
  return trayAt({ begin: `/tickets/${number}/uploads`, uploads: "/tickets/uploads" }, use);
}

function trayAt(door: TrayDoor, use = ""): Tray {
  const place = door.begin + use;
  const known = trays.get(place) ?? new Tray(door);
  trays.set(place, known);
  return known;
}
