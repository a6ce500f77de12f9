import type { Attachment, NewUpload, Upload } from "@alongside/contract";
import { Backoff } from "./backoff";
import { HttpError, outcomeOf, type Http } from "./http";
import type { Problem } from "./store";
import { uuid7 } from "./uuid";

/** A file on its way into a message. */
export interface Sending {
  /** Of this page; the server has its own. */
  id: string;
  name: string;
  type: string;
  size: number;
  /** Null for what was whole before it came here. */
  file: File | null;
  /** queued: another goes first. waiting: a try failed, another follows by itself. failed: only a person can go on. */
  state: "queued" | "sending" | "waiting" | "done" | "failed";
  /** Bytes that have left, of `size`. */
  sent: number;
  /** What the server made of it, once it is whole. */
  attachment: Attachment | null;
  problem: Problem | null;
}

/** Where the bytes go. `prepare` makes sure that there is somebody whom they can belong to. */
export interface UploadDoor {
  http: Http;
  /** Where an upload is announced. */
  begin: string;
  /** Where the announced ones are, before their id. */
  uploads: string;
  prepare?(): Promise<unknown>;
}

export interface UploadsOptions {
  door: UploadDoor;
  changed(items: Sending[]): void;
  /** Send one part; XMLHttpRequest unless a test has another way. */
  put?: typeof putPart;
  random?: () => number;
}

/** Tries in a row without success though the server answers: the file itself may not be readable any more. */
const TRIES = 6;
/** A part that was quicker than this may be larger the next time. */
const QUICK_MS = 1_000;

/**
 * Files of one message, sent one after the other in parts. After a cut the server says how far it has come, and the
 * upload goes on from there.
 */
export class Uploads {
  items: Sending[] = [];
  private readonly known = new Map<string, Upload>();
  private current: { id: string; stop: AbortController } | null = null;
  private running = false;
  private wake: () => void = () => undefined;

  constructor(private readonly options: UploadsOptions) {}

  /** Are any still on their way? A failed one is not: a person decides about it. */
  get busy(): boolean {
    return this.items.some(({ state }) => state === "queued" || state === "sending" || state === "waiting");
  }

  add(files: Iterable<File>): void {
    const fresh = [...files].map((file): Sending => ({
      id: uuid7(),
      name: file.name,
      type: file.type,
      size: file.size,
      file,
      state: "queued",
      sent: 0,
      attachment: null,
      problem: null,
    }));
    this.items = [...this.items, ...fresh];
    this.tell();
    void this.run();
  }

  /** Take up to `most` of what is whole for a message; the others stay. */
  take(most: number): Attachment[] {
    const taken = this.items.flatMap(({ attachment }) => attachment ?? []).slice(0, most);
    this.items = this.items.filter(({ attachment }) => !attachment || !taken.includes(attachment));
    this.tell();
    return taken;
  }

  /** Files of a message that came back: they are at the server already. */
  putBack(files: readonly Attachment[]): void {
    this.items = [...whole(files), ...this.items];
    this.tell();
  }

  /** Files that are at the server already go along, after the others. */
  bring(files: readonly Attachment[]): void {
    this.items = [...this.items, ...whole(files)];
    this.tell();
  }

  retry(id: string): void {
    const item = this.items.find((one) => one.id === id);
    if (item?.state !== "failed") return;
    this.change(id, { state: "queued", problem: null });
    void this.run();
  }

  /** Stop it, and let the server forget it. */
  cancel(id: string): void {
    const upload = this.known.get(id)?.id ?? this.items.find((item) => item.id === id)?.attachment?.id;
    this.items = this.items.filter((item) => item.id !== id);
    this.known.delete(id);
    if (this.current?.id === id) this.current.stop.abort();
    this.tell();
    if (upload) void this.door.http.delete(`${this.door.uploads}/${upload}`).catch(() => undefined);
  }

  /** The network is back: do not wait any longer. */
  resume(): void {
    this.wake();
  }

  private get door(): UploadDoor {
    return this.options.door;
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    const back = () => this.resume();
    globalThis.addEventListener?.("online", back);
    try {
      for (let item = this.next(); item; item = this.next()) await this.send(item);
    } finally {
      this.running = false;
      globalThis.removeEventListener?.("online", back);
    }
  }

  private next(): Sending | undefined {
    return this.items.find(({ state }) => state === "queued");
  }

  private async send(item: Sending): Promise<void> {
    const stop = new AbortController();
    this.current = { id: item.id, stop };
    this.change(item.id, { state: "sending" });
    const backoff = new Backoff(this.options.random);
    for (let tries = 0; !stop.signal.aborted;) {
      const before = this.offset(item);
      try {
        const attachment = await this.goOn(item, stop.signal);
        if (attachment) return this.change(item.id, { state: "done", sent: item.size, attachment });
      } catch (error) {
        if (stop.signal.aborted) return;
        if (this.offset(item) > before) tries = 0;
        const problem = problemOf(error) ?? (tries >= TRIES ? UNREADABLE : null);
        if (problem) return this.failed(item, problem);
        this.change(item.id, { state: "waiting" });
        await this.pause(backoff.next(), stop.signal);
        if (await this.look(item)) tries++;
        if (!stop.signal.aborted) this.change(item.id, { state: "sending" });
      }
    }
  }

  private offset(item: Sending): number {
    return this.known.get(item.id)?.offset ?? 0;
  }

  /** Announce the file, or send what is missing of it, as long as nothing goes wrong. */
  private async goOn(item: Sending, signal: AbortSignal): Promise<Attachment | null> {
    let upload = this.known.get(item.id) ?? (await this.announce(item));
    let size = upload.least_part_bytes * 2;
    while (!upload.attachment && !signal.aborted) {
      const began = Date.now();
      upload = await this.part(item, upload, size, signal);
      if (signal.aborted) return null;
      this.known.set(item.id, upload);
      if (Date.now() - began < QUICK_MS) size = Math.min(size * 2, upload.most_part_bytes);
      this.change(item.id, { sent: upload.offset });
    }
    return upload.attachment;
  }

  private async announce(item: Sending): Promise<Upload> {
    await this.door.prepare?.();
    const { name, size, type } = item;
    const body: NewUpload = { name, bytes: size, media_type: type.slice(0, 200) };
    const upload = await this.door.http.post<Upload>(this.door.begin, body);
    this.known.set(item.id, upload);
    return upload;
  }

  private part(item: Sending, upload: Upload, size: number, signal: AbortSignal): Promise<Upload> {
    const put = this.options.put ?? putPart;
    const { offset } = upload;
    const bytes = (item.file as File).slice(offset, offset + size);
    return put(this.door.http, `${this.door.uploads}/${upload.id}?offset=${offset}`, bytes, signal, (sent) =>
      this.change(item.id, { sent: offset + sent }),
    );
  }

  /** After a failed try: what does the server have? False when it does not answer. */
  private async look(item: Sending): Promise<boolean> {
    const upload = this.known.get(item.id);
    if (!upload) return false;
    const now = await this.door.http.get<Upload>(`${this.door.uploads}/${upload.id}`).catch(() => null);
    if (now && this.known.has(item.id)) this.known.set(item.id, now);
    return now !== null;
  }

  private failed(item: Sending, problem: Problem): void {
    // The server has let go of what it refuses: another try begins anew.
    if (problem !== UNREADABLE) this.known.delete(item.id);
    this.change(item.id, { state: "failed", problem, sent: 0 });
  }

  private pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.wake = wake;
      signal.addEventListener("abort", wake);
    });
  }

  private change(id: string, change: Partial<Sending>): void {
    this.items = this.items.map((item) => (item.id === id ? { ...item, ...change } : item));
    this.tell();
  }

  private tell(): void {
    this.options.changed(this.items);
  }
}

function whole(files: readonly Attachment[]): Sending[] {
  return files.map((attachment) => ({
    id: uuid7(),
    name: attachment.name,
    type: attachment.media_type,
    size: attachment.bytes,
    file: null,
    state: "done",
    sent: attachment.bytes,
    attachment,
    problem: null,
  }));
}

const UNREADABLE: Problem = {
  code: "upload-cut",
  message: "The connection broke off again and again, or the file cannot be read any more.",
};

function asProblem({ code, message }: HttpError): Problem {
  return { code, message };
}

/** What only a person can go on from; null when trying again by ourselves makes sense. */
function problemOf(error: unknown): Problem | null {
  if (!(error instanceof HttpError) || error.code === "upload-offset" || error.status === 401) return null;
  return error.status === 429 || outcomeOf(error).kind !== "later" ? asProblem(error) : null;
}

const STALLED_MS = 60_000;

/** One part by XMLHttpRequest: fetch cannot tell how much has left. */
export function putPart(
  http: Http,
  path: string,
  bytes: Blob,
  signal: AbortSignal,
  progress: (sent: number) => void,
): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const { url, headers } = http.request("PATCH", path);
    const request = new XMLHttpRequest();
    request.open("PATCH", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    let watch: ReturnType<typeof setTimeout>;
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(() => request.abort(), STALLED_MS);
    };
    request.upload.onprogress = ({ loaded }) => (alive(), progress(loaded));
    request.onload = () => answered(request).then(resolve, reject);
    request.onerror = request.onabort = () => reject(new Error("no answer"));
    const stop = () => request.abort();
    signal.addEventListener("abort", stop);
    request.onloadend = () => {
      clearTimeout(watch);
      signal.removeEventListener("abort", stop);
    };
    alive();
    request.send(bytes);
  });
}

async function answered(request: XMLHttpRequest): Promise<Upload> {
  const body = JSON.parse(request.responseText || "{}");
  if (request.status < 300) return body as Upload;
  const seconds = Number(request.getResponseHeader("Retry-After") || NaN);
  throw new HttpError(
    request.status,
    body.code ?? `http-${request.status}`,
    body.message ?? `The server answered ${request.status}.`,
    body.details ?? {},
    Number.isFinite(seconds) ? seconds * 1000 : null,
  );
}
