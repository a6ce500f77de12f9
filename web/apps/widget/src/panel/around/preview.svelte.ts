import type { VisitorClient } from "@alongside/client/visitor";
import { mount } from "svelte";
import type { Chat } from "../chat.svelte";
import Preview from "./Preview.svelte";
import type { AroundPart } from "./around.svelte";

const EVERY_MS = 700;
const MOST_CHARS = 1_000;

/** Where the channel lets the team see what is being written, say so at the composer; only then, tell it. */
export function beginPreview(chat: Chat, client: VisitorClient, part: AroundPart): void {
  const form = document.querySelector("footer form") as HTMLElement;
  mount(Preview, {
    target: form.parentElement as Element,
    anchor: form,
    props: { chat, part, field: form.querySelector("textarea") },
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let told = "";

  function tell(): void {
    timer = undefined;
    const text = chat.look?.typing_preview ? chat.draft.slice(-MOST_CHARS) : "";
    if (text === told) return;
    told = text;
    client.typed(text);
  }

  // Living as long as the page: there is nothing to end it for.
  $effect.root(() => {
    $effect(() => {
      if (chat.look?.typing_preview && chat.draft !== told) timer ??= setTimeout(tell, EVERY_MS);
    });
  });
}
