import type { ChannelLook, PanelLook } from "@alongside/contract";
import type { Component } from "svelte";
import type { Chat } from "../chat.svelte";
import { inLanguage } from "../../shared/language";
import { OwnSheet } from "./sheet";
import { direction, OwnWords } from "./words";

const ANSWER_WITHIN_MS = 3_000;

interface StartProps {
  chat: Chat;
  items: PanelLook["start"];
}

/** What a company made different. Whatever of it does not come, the chat goes on as we ship it. */
export class More {
  subtitle = $state.raw("");
  items = $state.raw<PanelLook["start"]>([]);
  Start = $state.raw<Component<StartProps> | null>(null);

  private readonly colours = new CSSStyleSheet();
  private readonly asked: readonly string[];
  private readonly own: OwnSheet;

  constructor(private readonly chat: Chat) {
    this.asked = chat.words.wanted;
    this.own = new OwnSheet(
      () => chat.help !== null,
      () =>
        chat.warn(
          "The style sheet of this channel hides what is needed to write or to close, so it is not used.",
        ),
    );
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.colours];
  }

  /** Look as `look` says from now on. */
  async dress(look: ChannelLook): Promise<void> {
    const panel = look.preview?.panel ?? (look.more ? await fetched(look) : null);
    if (this.chat.look !== look) return; // there is a newer one
    this.colours.replaceSync(panel?.css ?? "");
    this.speak(look.languages ?? [], panel?.words ?? {});
    this.subtitle = inLanguage(panel?.subtitle ?? {}, this.chat.words.wanted);
    this.items = panel?.start ?? [];
    if (this.items[0]) this.Start ??= (await this.chat.later(import("./Start.svelte")))?.default ?? null;
    this.own.wear(panel?.own ?? "");
    if (look.preview) (await this.chat.later(import("../tried/tried")))?.pretend(this.chat, look.preview);
  }

  private speak(offered: readonly string[], own: PanelLook["words"]): void {
    const words = new OwnWords(this.asked, navigator.languages, offered, own);
    this.chat.words = words;
    const root = document.documentElement;
    root.lang = words.language;
    if (offered[0]) root.dir = direction(words.language);
  }
}

async function fetched(look: ChannelLook): Promise<PanelLook | null> {
  const address = `/api/v1/widget/channels/${encodeURIComponent(look.key)}/panel?v=${look.more}`;
  const answer = await fetch(address, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).catch(() => null);
  return answer?.ok ? ((await answer.json()) as PanelLook) : null;
}
