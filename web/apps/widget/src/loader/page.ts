import type { PageView } from "@alongside/contract";

const SETTLE_MS = 400;
const LOOK_MS = 2_000;

/** Where the visitor is. */
export function here(): PageView {
  return {
    url: location.href,
    title: document.title,
    referrer: document.referrer,
    language: document.documentElement.lang || navigator.language,
  };
}

/**
 * Calls back when the visitor goes to another page of a site that does not reload. Listens where the browser has the
 * Navigation API and looks now and then where it has not; the page's own functions are left as they are.
 */
export function watchPage(changed: (page: PageView) => void): void {
  let last = JSON.stringify(here());
  let settling: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    const page = here();
    const now = JSON.stringify(page);
    if (now === last) return;
    last = now;
    changed(page);
  };
  const soon = () => {
    clearTimeout(settling);
    settling = setTimeout(look, SETTLE_MS); // the title follows the address
  };
  const navigation = (window as { navigation?: EventTarget }).navigation;
  if (navigation) navigation.addEventListener("currententrychange", soon);
  else setInterval(look, LOOK_MS);
  addEventListener("popstate", soon);
}
