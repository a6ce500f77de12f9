/** Whoever walks the list by keys goes on walking: the next J must not land in a reply to a customer. */

let walking = false;

/** The next conversation is opened by a step through the list. */
export function walk(): void {
  walking = true;
}

/** Whether the conversation that opens now was reached by a step. Asked once. */
export function arrivedWalking(): boolean {
  const arrived = walking;
  walking = false;
  return arrived;
}
