import { HttpError, type Sending } from "@alongside/client";
import { Uploads } from "@alongside/client/uploads";
import { possibleShots, type Shot } from "@alongside/client/capture";
import type { VisitorClient } from "@alongside/client/visitor";
import type { Attachment, AttachmentKind } from "@alongside/contract";
import type { Chat } from "../chat.svelte";
import { addStyles } from "../styles";
import Attachments from "./Attachments.svelte";
import css from "./files.css?inline";
import { Links } from "./links";
import Tray from "./Tray.svelte";
import { FileWords } from "./words";

const MOST_FILES = 10;
const KINDS: Record<Shot, AttachmentKind> = { photo: "image", video: "video", voice: "audio" };
/** As the server says it; known here already, so that nobody becomes a visitor by it. */
const OFF = new HttpError(403, "uploads-off", "", {}, null);

addStyles(css);

/** Everything about files: loaded when the first one is chosen or shown. */
export class FilesPart {
  readonly Attachments = Attachments;
  readonly Tray = Tray;
  readonly links: Links;
  readonly words = $derived.by(() => new FileWords(this.chat.words));
  items: Sending[] = $state.raw([]);
  /** The visitor has pressed Send; it goes out when the last file is there. */
  asked = $state.raw(false);
  private readonly uploads: Uploads;

  constructor(
    private readonly chat: Chat,
    client: VisitorClient,
  ) {
    this.links = new Links(client.sessions.http);
    this.uploads = new Uploads({
      door: {
        http: client.sessions.http,
        begin: "/uploads",
        uploads: "/uploads",
        prepare: () => (chat.look?.uploads ? client.begin() : Promise.reject(OFF)),
      },
      changed: (items) => this.changed(items),
    });
  }

  add(files: Iterable<File>): void {
    this.uploads.add(files);
  }

  /** Offer what this device can make beside what it has; where it can make nothing, its own chooser is there at once. */
  async choose(picker: HTMLInputElement | undefined): Promise<void> {
    const kinds = this.chat.look?.uploads?.kinds ?? [];
    const shots = (await possibleShots()).filter((shot) => kinds.includes(KINDS[shot]));
    if (shots.length === 0 || !picker?.form) return picker?.click();
    const capture = await this.chat.later(import("./capture"));
    if (capture) capture.offer(this, picker, shots);
    else picker.click();
  }

  /** True when Send must wait for files; it is then pressed again by itself. */
  hold(): boolean {
    return (this.asked = this.uploads.busy);
  }

  take(): Attachment[] {
    return this.uploads.take(MOST_FILES);
  }

  putBack(files: readonly Attachment[]): void {
    this.uploads.putBack(files);
  }

  retry(id: string): void {
    this.uploads.retry(id);
  }

  cancel(id: string): void {
    this.uploads.cancel(id);
  }

  private changed(items: Sending[]): void {
    this.items = items;
    if (!this.asked || this.uploads.busy) return;
    this.asked = false;
    // What failed is for the visitor to decide about.
    if (!items.some(({ state }) => state === "failed")) void this.chat.send();
  }
}
