import type { Occasion } from "./settings.svelte";

/** Each occasion is a few soft notes: pitch in hertz, start in seconds. Made here: nothing to download. */
const TUNES: Record<Occasion, readonly [pitch: number, at: number][]> = {
  newConversation: [
    [523.25, 0],
    [659.25, 0.13],
    [783.99, 0.26],
  ],
  newMessage: [
    [659.25, 0],
    [880, 0.11],
  ],
  assigned: [
    [783.99, 0],
    [587.33, 0.14],
  ],
  mention: [
    [698.46, 0],
    [880, 0.1],
    [1046.5, 0.2],
  ],
  targetNear: [
    [587.33, 0],
    [587.33, 0.18],
  ],
  targetMissed: [
    [880, 0],
    [587.33, 0.16],
    [440, 0.32],
  ],
  waiting: [
    [880, 0],
    [698.46, 0.16],
    [880, 0.32],
  ],
};
const LOUDEST = 0.3;
const RING_SECONDS = 0.55;

let context: AudioContext | null = null;

/** Browsers let a page sound only after the person touched it: be ready from the first touch on. */
export function unlockSound(): () => void {
  const ending = new AbortController();
  const unlock = () => {
    context ??= new AudioContext();
    void context.resume();
    ending.abort();
  };
  addEventListener("pointerdown", unlock, { signal: ending.signal });
  addEventListener("keydown", unlock, { signal: ending.signal });
  return () => ending.abort();
}

/** False when the browser does not allow sound yet. `volume` 0 to 1. */
export function play(occasion: Occasion, volume: number): boolean {
  if (volume <= 0) return true;
  if (!context || context.state !== "running") return false;
  for (const [pitch, at] of TUNES[occasion]) ring(context, pitch, context.currentTime + at, volume * LOUDEST);
  return true;
}

function ring(on: AudioContext, pitch: number, at: number, loud: number): void {
  const tone = on.createOscillator();
  const gain = on.createGain();
  tone.type = "sine";
  tone.frequency.value = pitch;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(loud, at + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + RING_SECONDS);
  tone.connect(gain).connect(on.destination);
  tone.start(at);
  tone.stop(at + RING_SECONDS);
}
