import { mount } from "svelte";
import type { Chat } from "../chat.svelte";
import Mute from "./Mute.svelte";
import { muted } from "./muted.svelte";
import { play } from "./tones";

let offered = false;

/** The switch in the header, once: the part comes with the first message, as no sound comes before it. */
export function offerMute(chat: Chat): void {
  const close = document.querySelector("header > button");
  if (offered || !close?.parentElement) return;
  offered = true;
  mount(Mute, { target: close.parentElement, anchor: close, props: { chat } });
}

/** Two soft notes, in one tab only, unless the visitor wants none. */
export function playOnce(context: AudioContext): void {
  if (!muted()) play(context);
}
