import type { LauncherIcon } from "@alongside/contract";
import Ban from "@lucide/svelte/icons/ban";
import CircleHelp from "@lucide/svelte/icons/circle-question-mark";
import Headset from "@lucide/svelte/icons/headset";
import Heart from "@lucide/svelte/icons/heart";
import Mail from "@lucide/svelte/icons/mail";
import MessageCircle from "@lucide/svelte/icons/message-circle";

/** What stands for each icon of the button in the console. */
export const ICONS = {
  chat: MessageCircle,
  question: CircleHelp,
  mail: Mail,
  headset: Headset,
  heart: Heart,
  none: Ban,
} as const satisfies Record<LauncherIcon, unknown>;
