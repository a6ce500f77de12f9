let now = $state(Date.now());

setInterval(() => (now = Date.now()), 20_000);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") now = Date.now();
});

/** Milliseconds; fresh to about 20 s. For words like "5 min", so that they grow older while one looks. */
export function clock(): number {
  return now;
}
