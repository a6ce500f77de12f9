import { Uploads, type Sending } from "@alongside/client";
import type { Attachment } from "@alongside/contract";
import { client } from "../../live/client.svelte";
import { MOST_FILES } from "./files";

/** The files that wait in one composer. They go on while another conversation is looked at. */
export class Tray {
  items: Sending[] = $state.raw([]);
  private readonly uploads: Uploads;

  constructor(conversationId: string) {
    this.uploads = new Uploads({
      door: {
        http: client().http,
        begin: `/conversations/${conversationId}/uploads`,
        uploads: "/uploads",
      },
      changed: (items) => (this.items = items),
    });
  }

  get busy(): boolean {
    return this.items.some(({ state }) => state === "queued" || state === "sending" || state === "waiting");
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
  const known = trays.get(conversationId) ?? new Tray(conversationId);
  trays.set(conversationId, known);
  return known;
}
