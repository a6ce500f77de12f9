/** Two soft notes, in one tab only. */
export function play(context: AudioContext): void {
  if (!navigator.locks) return sound(context);
  const once = async (lock: Lock | null) => {
    if (!lock) return;
    sound(context);
    await new Promise((resolve) => setTimeout(resolve, 700));
  };
  // Where the browser denies locks to a frame on another site, each tab sounds.
  navigator.locks.request("alongside:chime", { ifAvailable: true }, once).catch(() => sound(context));
}

function sound(context: AudioContext): void {
  note(context, 659.25, 0);
  note(context, 880, 0.12);
}

function note(context: AudioContext, hertz: number, delay: number): void {
  const start = context.currentTime + delay;
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.12, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.45);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + 0.5);
}
