/** Whether a pattern means the page at an address, by the rules of the server (alongside/domains/channels/pages.py). */
export function matches(pattern: string, address: string): boolean {
  const url = new URL(address);
  const slash = pattern.indexOf("/");
  const host = slash < 0 ? pattern : pattern.slice(0, slash);
  const path = slash < 0 ? "" : pattern.slice(slash);
  if (host && !glob(host, host.includes(":") ? url.host : url.hostname)) return false;
  if (!path) return true;
  const page =
    (url.pathname.replace(/\/$/, "") || "/") +
    (path.includes("?") ? url.search : "") +
    (path.includes("#") ? url.hash : "");
  return glob(path, page) || (path.endsWith("/*") && page === (path.slice(0, -2) || "/"));
}

/** Whether the widget shows there: never on pages of `hide`; with `show` on those alone. */
export function showsOn(address: string, show: readonly string[], hide: readonly string[]): boolean {
  const means = (pattern: string) => matches(pattern, address);
  return !hide.some(means) && (!show.length || show.some(means));
}

/** Piece after piece, each as early as it can be: no way back, so no pattern takes long. */
function glob(pattern: string, text: string): boolean {
  const pieces = pattern.split("*");
  const first = pieces.shift() as string;
  const last = pieces.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of pieces) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
}
