import type { Availability, PublicMessage, TriedLook } from "@alongside/contract";
import { begin } from "../around/around.svelte";
import type { Chat } from "../chat.svelte";
import { textsOf } from "../part-texts";
import de from "./texts.de.json";
import en from "./texts.en.json";

/** Show the chat of nobody at the moment that is tried out, for who sets it up to see. Nothing of it is sent. */
export function pretend(chat: Chat, { moment }: TriedLook): void {
  chat.visitor = {
    ...chat.visitor,
    loaded: true,
    messages: moment === "before" ? [] : sample(chat),
    seen: 3,
    teamSeen: 3,
  };
  if (chat.look?.around) void begin(chat, chat.client).read();
}

function sample({ words, who }: Chat): PublicMessage[] {
  const { hello, answer, thanks } = textsOf("", { en, de }, { ...words, own: {} });
  const [minutes, person] = [60_000, (who as Availability).agents[0] ?? null];
  return [
    said(1, hello, 4 * minutes, null),
    said(2, answer, 2 * minutes, person ?? { display_name: words.say("team"), picture_url: null }),
    said(3, thanks, minutes, null),
  ];
}

function said(seq: number, text: string, ago: number, person: PublicMessage["person"]): PublicMessage {
  return {
    seq,
    at: new Date(Date.now() - ago).toISOString(),
    mine: !person,
    text,
    client_id: null,
    person,
    automatic: false,
    cards: [],
    attachments: [],
    edited: false,
    deleted: false,
    quote: null,
    change: null,
  };
}
