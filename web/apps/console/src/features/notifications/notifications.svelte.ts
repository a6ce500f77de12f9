import type { ConversationRow } from "@alongside/contract";
import { SvelteSet } from "svelte/reactivity";
import { locale, t } from "../../i18n/index.svelte";
import { contactName } from "../contacts/names";
import { client } from "../../live/client.svelte";
import { BASE, go, place } from "../../shell/router.svelte";
import { me } from "../session/session.svelte";
import { hearAlarms } from "../watchdogs/watchdogs.svelte";
import { occasionOf } from "./occasion";
import { popups, type Popup } from "./popups.svelte";
import { renewPushes } from "./push";
import { notify, readNotifications, wants, type Occasion } from "./settings.svelte";
import { play, unlockSound } from "./sound";

const ONE_TAB_MS = 1500;
const REPEAT_MS = 12_000;

const unheard = new SvelteSet<string>();
const known = new Map<string, string>();
let newest = new Date(0).toISOString();

/** Conversations with something new that has not been looked at since. */
export function waiting(): ReadonlySet<string> {
  return unheard;
}

export function startNotifications(): void {
  unlockSound();
  // Without an answer what most people want holds; the page of the settings asks again.
  void readNotifications()
    .then(renewPushes)
    .catch(() => undefined);
  const live = client();
  live.list.subscribe(({ rows }) => rows.forEach(remember));
  live.on("row", ({ row, wasStatus, isNew }) => {
    const occasion = isNew ? occasionOf({ row, wasStatus, ...memory(row.id), ...self() }) : null;
    remember(row);
    // Somebody reacted: it is quiet.
    if (row.status === "done" || (wasStatus === "unread" && row.status !== "unread")) unheard.delete(row.id);
    if (occasion) tell(row, occasion);
  });
  live.on("assigned", ({ row, byAgentId }) => byAgentId !== live.agentId && tell(row, "assigned"));
  live.on("waits", ({ row }) => tell(row, "waiting"));
  live.on("target", ({ row, alarm }) => tell(row, alarm === "warning" ? "targetNear" : "targetMissed"));
  hearAlarms();
  live.on("mentioned", ({ row }) => tell(row, "mention"));
  setInterval(repeatSound, REPEAT_MS);
  navigator.serviceWorker?.addEventListener("message", openPushed);
  document.addEventListener("visibilitychange", lookedAt);
  addEventListener("focus", lookedAt);
}

/** What is in front now counts as heard. */
export function lookedAt(): void {
  for (const id of [...unheard]) if (inFront(id)) unheard.delete(id);
  popups.leave((one) => inFront(one.row.id));
}

export function openPopup(popup: Popup): void {
  popups.leave((one) => one === popup);
  if (popup.test) return;
  const folder = popup.row.status === "unread" ? "" : `?folder=${popup.row.status}`;
  go(`/inbox/${popup.row.id}${folder}`);
}

function tell(row: ConversationRow, occasion: Occasion): void {
  if (inFront(row.id)) return;
  unheard.add(row.id);
  if (wants("sound", occasion)) void soundOnce(`${row.id}:${row.last_seq}`, occasion);
  if (wants("popup", occasion)) popups.show({ row, occasion });
  if (wants("browser", occasion)) void showInBrowser(row, occasion);
}

/** Until somebody reacts: the conversation is opened, answered or done. */
function repeatSound(): void {
  if (notify.settings.repeat_sound && unheard.size > 0) void soundOnce("repeat", "newMessage");
}

/** The browser's own message, while the console is open and something else is in front. */
async function showInBrowser(row: ConversationRow, occasion: Occasion): Promise<void> {
  if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return;
  await once(`browser:${row.id}:${row.last_seq}`, () => {
    const body = `${contactName(row.contact)}: ${row.preview}`;
    const shown = new Notification(t(`notify.${occasion}`), { body, tag: row.id, lang: locale() });
    shown.onclick = () => {
      window.focus();
      shown.close();
      go(`/inbox/${row.id}`);
    };
    return true;
  });
}

/** A push was pressed while the console was open: the service worker says where to go. */
function openPushed(event: MessageEvent): void {
  const { type, url } = (event.data ?? {}) as { type?: string; url?: string };
  if (type === "alongside:open" && url?.startsWith(`${BASE}/`)) go(url.slice(BASE.length));
}

/** With several tabs open one of them sounds. */
const soundOnce = (about: string, occasion: Occasion): Promise<void> =>
  once(`sound:${about}:${occasion}`, () => play(occasion, notify.volume));

/** In one tab of this browser; `act` says whether it could. */
async function once(name: string, act: () => boolean): Promise<void> {
  if (!navigator.locks) return void act();
  await navigator.locks.request(`alongside:${name}`, { ifAvailable: true }, async (lock) => {
    if (!lock || !act()) return;
    await new Promise((resolve) => setTimeout(resolve, ONE_TAB_MS));
  });
}

function inFront(id: string): boolean {
  return document.visibilityState === "visible" && document.hasFocus() && place().first === id;
}

function memory(id: string): { before: { last_message_at: string } | undefined; newestBefore: string } {
  const at = known.get(id);
  return { before: at === undefined ? undefined : { last_message_at: at }, newestBefore: newest };
}

function self(): { agentId: string; teamIds: readonly string[] } {
  return { agentId: me().id, teamIds: me().team_ids };
}

function remember(row: ConversationRow): void {
  known.set(row.id, row.last_message_at);
  if (Date.parse(row.last_message_at) > Date.parse(newest)) newest = row.last_message_at;
}

/** The browser's own message like a real one; false where the browser does not allow it. */
export async function testBrowser(): Promise<boolean> {
  if (!("Notification" in window) || (await Notification.requestPermission()) !== "granted") return false;
  new Notification(t("notify.newMessage"), { body: t("notify.sample"), tag: "test", lang: locale() });
  return true;
}

/** A pop-up like a real one, for the settings' Test button. Nothing opens when it is pressed. */
export function testPopup(occasion: Occasion): void {
  popups.show({ row: sample(), occasion, test: true });
}

function sample(): ConversationRow {
  const at = new Date().toISOString();
  return {
    id: "test",
    contact: { id: "test", number: 1042, name: "Ada Lovelace", verified: true, label_ids: [] },
    channel: { id: "test", name: "", kind: "webchat" },
    status: "unread",
    assignee_id: null,
    team_id: null,
    episode: 1,
    last_seq: 1,
    last_public_seq: 1,
    preview: t("notify.sample"),
    preview_author: "visitor",
    preview_attachment: null,
    last_message_at: at,
    created_at: at,
    unread_count: 1,
    waiting_since: at,
    visitor_delivered: 0,
    visitor_seen: 0,
    label_ids: [],
    sla: null,
  };
}
