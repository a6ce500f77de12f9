import { createSubscriber } from "svelte/reactivity";

const subscribe = createSubscriber((update) => {
  const ticking = setInterval(update, 1000);
  return () => clearInterval(ticking);
});

/** Milliseconds, fresh to a second. It ticks only while something that is shown asks for it. */
export function second(): number {
  subscribe();
  return Date.now();
}
