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

/** Two soft notes, in one tab only. What plays them comes with the first; without a connection there is silence. */
export function chime(): void {
  if (audio?.state !== "running") return;
  const context = audio;
  void import("./tones").then(({ playOnce }) => playOnce(context)).catch(() => undefined);
}
