import type { Step } from "@alongside/contract";

/** With what the server sent the browser back from the company's sign-in: the step that is missing, or why not. */
export interface Arrival {
  step: Step | null;
  refused: string | null;
}

const STEPS: readonly string[] = ["code", "enrol"] satisfies Step[];

/** Read an arrival from an address. Whoever can write the address gains nothing: the server knows what is missing. */
export function arrivalOf(search: string): Arrival {
  const told = new URLSearchParams(search);
  const step = told.get("step");
  return { step: step && STEPS.includes(step) ? (step as Step) : null, refused: told.get("refused") };
}

/** What the address tells, once: it goes from the address bar, so that a reload begins afresh. */
export function takeArrival(): Arrival {
  const arrival = arrivalOf(location.search);
  if (arrival.step || arrival.refused) history.replaceState(history.state, "", location.pathname);
  return arrival;
}
