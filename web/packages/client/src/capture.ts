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
