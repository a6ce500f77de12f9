/** What can be taken down here and sent: a voice message, a photo, a video. */
export type Shot = "voice" | "photo" | "video";

/** Longer than anybody listens, short enough to be sent: what runs on unnoticed stops by itself. */
export const MOST_SECONDS: Record<Shot, number> = { voice: 600, photo: 0, video: 120 };

/** The first that a browser can write; MP4 before WebM, for every browser can play it. */
const TYPES: Record<Shot, readonly string[]> = {
  voice: ["audio/mp4", "audio/webm", "audio/ogg"],
  photo: [],
  video: ["video/mp4", "video/webm"],
};

/** Browsers give a camera and a microphone to pages of an encrypted connection alone. */
export function canCapture(): boolean {
  return typeof MediaRecorder !== "undefined" && navigator.mediaDevices?.getUserMedia !== undefined;
}

/** What a connected microphone and camera allow. Devices that a page around ours keeps from us are not told to us. */
export async function possibleShots(): Promise<Shot[]> {
  if (!canCapture()) return [];
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  const has = (kind: MediaDeviceKind) => devices.some((device) => device.kind === kind);
  const camera = has("videoinput");
  const microphone = has("audioinput");
  return [
    ...(camera ? (["photo"] as const) : []),
    ...(camera && microphone ? (["video"] as const) : []),
    ...(microphone ? (["voice"] as const) : []),
  ];
}

export function open(shot: Shot): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({
    audio: shot !== "photo",
    video: shot !== "voice" && { width: { ideal: 1280 }, height: { ideal: 720 } },
  });
}

export function close(stream: MediaStream | null): void {
  stream?.getTracks().forEach((track) => track.stop());
}

/** Records until `stop` is called; the promise brings what was recorded. */
export function record(stream: MediaStream, shot: Shot): { stop(): void; recorded: Promise<Blob> } {
  const mimeType = TYPES[shot].find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, {
    ...(mimeType && { mimeType }),
    audioBitsPerSecond: 64_000,
    videoBitsPerSecond: 2_000_000,
  });
  const pieces: Blob[] = [];
  const recorded = new Promise<Blob>((resolve) => {
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = () => resolve(new Blob(pieces, { type: recorder.mimeType }));
  });
  recorder.start();
  return { stop: () => recorder.state !== "inactive" && recorder.stop(), recorded };
}

/** What the camera shows now. */
export function photograph(video: HTMLVideoElement): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
}

/** Why there is no camera or microphone. */
export function whyNot(error: unknown): "refused" | "missing" | "busy" {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  return name === "NotFoundError" || name === "OverconstrainedError" ? "missing" : "busy";
}

/** "Voice message 14.32.05.m4a": the server mends the ending by what the file holds. */
export function asFile(content: Blob, name: string, now: Date = new Date()): File {
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()];
  const ending = content.type.split(";")[0]?.split("/")[1] ?? "";
  const stamp = time.map((part) => String(part).padStart(2, "0")).join(".");
  return new File([content], `${name} ${stamp}.${ending}`, { type: content.type });
}

/** 75 -> "1:15". */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

/** What a page shows of a shot. */
export interface Scene {
  /** What the camera shows and the microphone hears; null while the browser asks for them, and once something is taken. */
  stream: MediaStream | null;
  problem: ReturnType<typeof whyNot> | null;
  /** How long it has been recording; null while it does not. */
  seconds: number | null;
  /** To be looked at, taken again or attached. */
  taken: { content: Blob; url: string } | null;
}

export const BEFORE: Scene = { stream: null, problem: null, seconds: null, taken: null };

const TICK_MS = 200;

/** One shot, from the question for the camera to what was taken; `changed` hears of every step. */
export class Shooting {
  private scene = BEFORE;
  private recorder: ReturnType<typeof record> | null = null;
  private ticking: ReturnType<typeof setInterval> | undefined;
  /** What comes late, from a turn that is over, is nobody's. */
  private turn = 0;

  constructor(
    private readonly shot: Shot,
    private readonly changed: (scene: Scene) => void,
  ) {}

  /** Ask for camera and microphone; what was taken before is given up. */
  async open(): Promise<void> {
    const turn = this.end();
    this.set(BEFORE);
    try {
      const stream = await open(this.shot);
      if (turn !== this.turn) close(stream);
      else this.set({ ...BEFORE, stream });
    } catch (error) {
      if (turn === this.turn) this.set({ ...BEFORE, problem: whyNot(error) });
    }
  }

  /** Record until `stop`, or as long as anybody listens. */
  async record(): Promise<void> {
    const { stream } = this.scene;
    if (!stream || this.recorder) return;
    const { turn } = this;
    const recorder = (this.recorder = record(stream, this.shot));
    const began = Date.now();
    this.set({ ...this.scene, seconds: 0 });
    this.ticking = setInterval(() => this.tick((Date.now() - began) / 1000), TICK_MS);
    const content = await recorder.recorded;
    if (turn === this.turn) this.take(content);
  }

  stop(): void {
    this.recorder?.stop();
  }

  async photograph(video: HTMLVideoElement): Promise<void> {
    const { turn } = this;
    const content = await photograph(video);
    if (content && turn === this.turn) this.take(content);
  }

  /** Nobody looks any more. */
  leave(): void {
    this.end();
  }

  private tick(seconds: number): void {
    this.set({ ...this.scene, seconds });
    if (seconds >= MOST_SECONDS[this.shot]) this.stop();
  }

  private take(content: Blob): void {
    this.end();
    this.set({ ...BEFORE, taken: { content, url: URL.createObjectURL(content) } });
  }

  /** The light of a camera that nobody uses is frightening: it goes out as soon as something is taken. */
  private end(): number {
    clearInterval(this.ticking);
    this.recorder?.stop();
    this.recorder = null;
    close(this.scene.stream);
    if (this.scene.taken) URL.revokeObjectURL(this.scene.taken.url);
    return ++this.turn;
  }

  private set(scene: Scene): void {
    this.scene = scene;
    this.changed(scene);
  }
}
