// Runs without any page of the console: shows what is pushed, and opens the conversation.

self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const push = read(event);
  if (push) event.waitUntil(show(push));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
});

function read(event) {
  try {
    const push = event.data.json();
    // Only our own pages are opened.
    const url = new URL(push.url, self.location.origin);
    return url.origin === self.location.origin ? { ...push, url: url.pathname + url.search } : null;
  } catch {
    return null;
  }
}

async function show({ title, body, url, tag, lang }) {
  // Whoever has the console in front hears of it there.
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.some((page) => page.focused && page.url.includes("/console") && tag !== "test")) return;
  await self.registration.showNotification(title, { body, tag, lang, renotify: true, data: { url } });
}

async function open(url) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((one) => new URL(one.url).pathname.startsWith("/console"));
  if (!page) return void (await self.clients.openWindow(url));
  page.postMessage({ type: "alongside:open", url });
  await page.focus();
}
