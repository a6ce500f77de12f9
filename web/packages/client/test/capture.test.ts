import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BEFORE, MOST_SECONDS, Shooting, type Scene, type Shot } from "../src/capture";

/** A device, and a recorder of it, as far as a browser shows them to us. */
class Track {
  stopped = 0;
  stop = () => void this.stopped++;
}

class Recorder {
  static isTypeSupported = () => true;
  state = "inactive";
  mimeType = "audio/mp4";
  ondataavailable: (event: { data: Blob }) => void = () => undefined;
  onstop: () => void = () => undefined;
  start = () => void (this.state = "recording");
  stop(): void {
    this.state = "inactive";
    this.ondataavailable({ data: new Blob(["words"]) });
    this.onstop();
  }
}

let tracks: Track[];
let allow: (answer: () => MediaStream) => void;
let scenes: Scene[];
const now = () => scenes.at(-1) ?? BEFORE;
const lit = () => tracks.filter((track) => track.stopped === 0).length;

beforeEach(() => {
  vi.useFakeTimers();
  tracks = [];
  scenes = [];
  const getUserMedia = () =>
    new Promise<MediaStream>((resolve, reject) => {
      allow = (answer) => {
        try {
          resolve(answer());
        } catch (error) {
          reject(error as Error);
        }
      };
    });
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
  vi.stubGlobal("MediaRecorder", Recorder);
  vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:taken");
  vi.spyOn(URL, "revokeObjectURL").mockReturnValue();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function device(): MediaStream {
  const track = new Track();
  tracks.push(track);
  return { getTracks: () => [track] } as unknown as MediaStream;
}

/** What was asked for is there; everything that waits for it has run. */
async function answered(answer: () => MediaStream = device): Promise<void> {
  allow(answer);
  await vi.advanceTimersByTimeAsync(0);
}

async function opened(shot: Shot = "voice"): Promise<Shooting> {
  const shooting = new Shooting(shot, (scene) => scenes.push(scene));
  void shooting.open();
  await answered();
  return shooting;
}

test("what is recorded is shown, and the device goes out at once", async () => {
  const shooting = await opened();
  expect(now()).toMatchObject({ problem: null, seconds: null, taken: null });
  expect(now().stream).not.toBeNull();
  void shooting.record();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(now().seconds).toBeCloseTo(3, 0);
  shooting.stop();
  await vi.advanceTimersByTimeAsync(0);
  expect(now()).toMatchObject({ stream: null, seconds: null, taken: { url: "blob:taken" } });
  expect(now().taken?.content.size).toBe(5);
  expect(lit()).toBe(0);
});

test("taken again, what was taken before is forgotten", async () => {
  const shooting = await opened();
  void shooting.record();
  shooting.stop();
  await vi.advanceTimersByTimeAsync(0);
  void shooting.open();
  expect(now()).toEqual(BEFORE);
  expect(URL.revokeObjectURL).toHaveBeenCalledWith("blob:taken");
  await answered();
  expect(now().stream).not.toBeNull();
  expect(lit()).toBe(1);
});

test("what runs on unnoticed stops by itself", async () => {
  const shooting = await opened("video");
  void shooting.record();
  await vi.advanceTimersByTimeAsync((MOST_SECONDS.video + 1) * 1_000);
  expect(now().taken).not.toBeNull();
  expect(lit()).toBe(0);
});

test("a device that is given after one has left is switched off, and nothing is told", async () => {
  const shooting = new Shooting("voice", (scene) => scenes.push(scene));
  void shooting.open();
  shooting.leave();
  await answered();
  expect(scenes).toEqual([BEFORE]);
  expect([tracks.length, lit()]).toEqual([1, 0]);
});

test("who leaves while it records takes nothing along", async () => {
  const shooting = await opened();
  void shooting.record();
  shooting.leave();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(now().taken).toBeNull();
  expect(lit()).toBe(0);
  expect(URL.createObjectURL).not.toHaveBeenCalled();
});

test("a second press while it records changes nothing", async () => {
  const shooting = await opened();
  void shooting.record();
  await vi.advanceTimersByTimeAsync(1_000);
  void shooting.record();
  expect(now().seconds).toBeCloseTo(1, 0);
});

test.each([
  ["NotAllowedError", "refused"],
  ["NotFoundError", "missing"],
  ["NotReadableError", "busy"],
])("%s is told as %s", async (name, problem) => {
  const shooting = new Shooting("photo", (scene) => scenes.push(scene));
  void shooting.open();
  await answered(() => {
    throw new DOMException("no", name);
  });
  expect(now()).toMatchObject({ stream: null, problem });
});
