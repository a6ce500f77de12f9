let lastMs = 0;
let counter = 0;

/**
 * A UUIDv7: 48 bits of milliseconds, a 12-bit counter, 62 random bits. Ids made by one page sort in the order they
 * were made, even within a millisecond or when the clock steps back.
 */
export function uuid7(now: number = Date.now()): string {
  if (now > lastMs) {
    lastMs = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastMs++;
    counter = 0;
  }
  const random = crypto.getRandomValues(new Uint8Array(8));
  random[0] = ((random[0] as number) & 0x3f) | 0x80;
  const tail = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const time = lastMs.toString(16).padStart(12, "0");
  const middle = "7" + counter.toString(16).padStart(3, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-${middle}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
