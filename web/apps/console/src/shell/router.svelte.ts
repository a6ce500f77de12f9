/** Where we are, read from the address; the address is the only truth, so reload and Back do what people expect. */

export const BASE = "/console";

/** First part of the address below the base; any other shows the inbox. */
const PAGES = [
  "inbox",
  "queue",
  "tickets",
  "contacts",
  "articles",
  "reports",
  "settings",
  "setup",
  "invite",
  "reset",
] as const;
export type Page = (typeof PAGES)[number];

export interface Place {
  page: Page;
  /** inbox: the conversation; tickets: the number; contacts, articles: the one shown; reports, settings: the section. */
  first: string | null;
  /** inbox: "details" where these are the one column shown; settings: the channel edited; articles: the language. */
  second: string | null;
  query: URLSearchParams;
}

export function parsePlace(path: string, search: string): Place {
  const parts = path.slice(BASE.length).split("/").filter(Boolean).map(decodeURIComponent);
  const page = PAGES.find((one) => one === parts[0]) ?? "inbox";
  return { page, first: parts[1] ?? null, second: parts[2] ?? null, query: new URLSearchParams(search) };
}

let current = $state.raw(parsePlace(location.pathname, location.search));
let shown = location.pathname + location.search;

export function place(): Place {
  return current;
}

/** Asked before the place changes; it takes `leave` along where it wants to ask the person first. */
type Guard = (leave: () => void) => "go" | "wait";
let guard: Guard | null = null;

/** Let nobody leave with something unsaved. Returns what ends it. */
export function guardLeaving(asked: Guard): () => void {
  guard = asked;
  return () => {
    if (guard === asked) guard = null;
  };
}

/** Go to a path below the base, e.g. "/inbox/ID?folder=done". */
export function go(path: string, how: { replace?: boolean } = {}): void {
  const address = BASE + path;
  if (address === location.pathname + location.search) return;
  if (guard?.(() => move(address, how)) !== "wait") move(address, how);
}

function move(address: string, how: { replace?: boolean }): void {
  history[how.replace ? "replaceState" : "pushState"](null, "", address);
  arrive();
}

function arrive(): void {
  shown = location.pathname + location.search;
  current = parsePlace(location.pathname, location.search);
}

/** The address of a conversation with the list's filters kept. */
export function inboxPath(
  conversation: string | null,
  query: URLSearchParams = current.query,
  details = false,
): string {
  const kept = new URLSearchParams(query);
  kept.delete("at");
  const search = kept.size > 0 ? `?${kept}` : "";
  return `/inbox${conversation ? `/${conversation}` : ""}${details ? "/details" : ""}${search}`;
}

export function startRouter(): void {
  addEventListener("popstate", () => {
    const wanted = location.pathname + location.search;
    if (guard?.(() => move(wanted, {})) === "wait") history.pushState(null, "", shown);
    else arrive();
  });
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest?.<HTMLAnchorElement>(`a[href^="${BASE}/"]`);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || link.target || event.defaultPrevented) return;
    event.preventDefault();
    go(link.getAttribute("href")?.slice(BASE.length) ?? "/inbox");
  });
}
