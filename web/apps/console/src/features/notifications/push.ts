import type { Notifications, PushDevice } from "@alongside/contract";
import { call } from "../../live/api";
import { me } from "../session/session.svelte";
import { change, notify } from "./settings.svelte";

const WORKER = "/console/push.js";
/** Whose pushes this browser takes: another agent who signs in here does not get them unasked. */
const KEY = "alongside.push";

export type Support = "yes" | "unsupported" | "insecure" | "denied";

/** Whether this browser can take pushes. */
export function support(): Support {
  if (!isSecureContext) return "insecure";
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return "unsupported";
  return Notification.permission === "denied" ? "denied" : "yes";
}

/** Ask the person, subscribe this browser, tell the server. Throws where the person or the browser refuses. */
export async function takePushes(): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") throw new DOMException("", "NotAllowedError");
  const worker = await registered();
  await navigator.serviceWorker.ready;
  const key = notify.push_key;
  const old = await worker.pushManager.getSubscription();
  if (old && !sameKey(old, key)) await old.unsubscribe();
  const subscription = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  });
  await tell(subscription);
  remember(me().id);
}

/** Take no more in one of the agent's browsers; in this one the browser forgets its subscription too. */
export async function stopPushes(device: PushDevice): Promise<void> {
  await change(() => call<Notifications>("DELETE", `/me/notifications/devices/${device.id}`));
  if (!device.current) return;
  remember(null);
  const worker = await navigator.serviceWorker?.getRegistration(WORKER);
  await (await worker?.pushManager.getSubscription())?.unsubscribe();
}

/** The subscription belongs to a session; after signing in anew it goes on with the new one. */
export async function renewPushes(): Promise<void> {
  if (remembered() !== me().id || support() !== "yes" || Notification.permission !== "granted") return;
  const worker = await navigator.serviceWorker.getRegistration(WORKER);
  const subscription = await worker?.pushManager.getSubscription();
  if (subscription && !notify.devices.some((device) => device.current)) await tell(subscription);
}

async function tell(subscription: PushSubscription): Promise<void> {
  const { endpoint, keys } = subscription.toJSON();
  const body = { endpoint, p256dh: keys?.["p256dh"], auth: keys?.["auth"] };
  await change(() => call<Notifications>("POST", "/me/notifications/devices", body));
}

/** The page's policy wants to know which script may run beside it: this one, and no other. */
function registered(): Promise<ServiceWorkerRegistration> {
  const types = (window as { trustedTypes?: TrustedTypePolicyFactory }).trustedTypes;
  const url = types
    ? types.createPolicy("alongside-push", { createScriptURL: () => WORKER }).createScriptURL("")
    : WORKER;
  return navigator.serviceWorker.register(url as string, { scope: "/console/" });
}

interface TrustedTypePolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(text: string): string },
  ): { createScriptURL(text: string): unknown };
}

function sameKey(subscription: PushSubscription, key: string): boolean {
  const held = subscription.options.applicationServerKey;
  if (!held) return false;
  const text = btoa(String.fromCharCode(...new Uint8Array(held)));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") === key;
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(id: string | null): void {
  try {
    if (id) localStorage.setItem(KEY, id);
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage the subscription ends with the session.
  }
}
