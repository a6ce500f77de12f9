import { look } from "./look.svelte";
import type { Key } from "../i18n/index.svelte";

/** One key, e.g. "mod+k", "j", "?", "shift+e". `mod` is Cmd on a Mac and Ctrl elsewhere. */
export interface Shortcut {
  keys: string;
  run: (event: KeyboardEvent) => void;
}

/** All there are, in the order of the help sheet. */
export const SHEET: readonly { section: Key; lines: readonly { keys: readonly string[]; label: Key }[] }[] = [
  {
    section: "keys.everywhere",
    lines: [
      { keys: ["mod+k"], label: "keys.commands" },
      { keys: ["?"], label: "keys.help" },
      { keys: ["/"], label: "keys.search" },
    ],
  },
  {
    section: "keys.list",
    lines: [
      { keys: ["j", "k"], label: "keys.move" },
      { keys: ["1", "2", "3", "4"], label: "keys.folders" },
      { keys: ["m"], label: "keys.mine" },
    ],
  },
  {
    section: "keys.conversation",
    lines: [
      { keys: ["r"], label: "keys.reply" },
      { keys: ["n"], label: "keys.note" },
      { keys: ["e"], label: "keys.done" },
      { keys: ["u"], label: "keys.unresolved" },
      { keys: ["i"], label: "keys.assignMe" },
      { keys: ["a"], label: "keys.assign" },
      { keys: ["d"], label: "keys.details" },
      { keys: ["esc"], label: "keys.back" },
    ],
  },
  {
    section: "keys.composer",
    lines: [
      { keys: ["enter"], label: "keys.send" },
      { keys: ["shift+enter"], label: "keys.break" },
      { keys: ["mod+enter"], label: "keys.sendDone" },
      { keys: ["#"], label: "keys.textBlocks" },
    ],
  },
];

const held = new Map<string, Shortcut[]>();
const mac = /mac|iphone|ipad/i.test(navigator.platform);

/** Offer a shortcut while the caller lives; the latest offer wins. Returns the end of the offer. */
export function offer(...shortcuts: Shortcut[]): () => void {
  for (const one of shortcuts) held.set(one.keys, [...(held.get(one.keys) ?? []), one]);
  return () => {
    for (const one of shortcuts)
      held.set(
        one.keys,
        (held.get(one.keys) ?? []).filter((other) => other !== one),
      );
  };
}

export function startShortcuts(): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || (event.repeat && event.key.length > 1)) return;
    const shortcut = held.get(named(event))?.at(-1);
    if (!shortcut || blocked(event)) return;
    event.preventDefault();
    shortcut.run(event);
  });
}

function named(event: KeyboardEvent): string {
  const mod = mac ? event.metaKey : event.ctrlKey;
  const key = event.key === "Escape" ? "esc" : event.key.toLowerCase();
  const printed = key.length === 1 && !/[a-z]/.test(key); // "?" needs Shift on some keyboards and none on others
  return [mod && "mod", event.shiftKey && !printed && "shift", event.altKey && "alt", key]
    .filter(Boolean)
    .join("+");
}

function blocked(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey) return false;
  if (document.querySelector("dialog[open], [popover]:popover-open")) return true;
  if (event.key === "Escape") return false;
  return !look.letters || isTyping(event.target);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

const CAPS: Record<string, [other: string, mac: string]> = {
  mod: ["Ctrl", "⌘"],
  shift: ["⇧", "⇧"],
  enter: ["↵", "↵"],
  esc: ["Esc", "esc"],
};

/** "mod+k" as the caps of this machine's keyboard: "Ctrl K". */
export function caps(keys: string): string {
  return keys
    .split("+")
    .map((key) => CAPS[key]?.[mac ? 1 : 0] ?? key.toUpperCase())
    .join(" ");
}
