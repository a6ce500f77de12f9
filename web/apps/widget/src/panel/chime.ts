let audio: AudioContext | null = null;

/** Browsers let a page sound only after a gesture; this waits for the first one in the panel. */
export function allowChime(): void {
  const unlock = () => {
    audio ??= new AudioContext();
    void audio.resume();
  };
  addEventListener("pointerdown", unlock, { once: true });
  addEventListener("keydown", unlock, { once: true });
}

/** What sounds and what silences it come with the first message; without a connection there is neither. */
export const withSound = (use: (part: typeof import("./sound")) => void) =>
  void import("./sound").then(use).catch(() => undefined);

/** Two soft notes, in one tab only. */
export function chime(): void {
  if (audio?.state === "running") withSound((part) => part.playOnce(audio as AudioContext));
}
