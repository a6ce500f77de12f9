import BookOpen from "@lucide/svelte/icons/book-open";
import CircleHelp from "@lucide/svelte/icons/circle-question-mark";
import Inbox from "@lucide/svelte/icons/inbox";
import Languages from "@lucide/svelte/icons/languages";
import LogOut from "@lucide/svelte/icons/log-out";
import Moon from "@lucide/svelte/icons/moon";
import Power from "@lucide/svelte/icons/power";
import Settings from "@lucide/svelte/icons/settings";
import Ticket from "@lucide/svelte/icons/ticket";
import { languages, t } from "../i18n/index.svelte";
import { goOnline } from "../features/profile/online.svelte";
import { changeLanguage, may, session, signOut } from "../features/session/session.svelte";
import { SECTIONS } from "../features/settings/sections";
import { attempt } from "../live/api";
import type { Command } from "./commands.svelte";
import { changeLook } from "./look.svelte";
import { overlays } from "./overlays.svelte";
import { go } from "./router.svelte";

const FOLDERS = ["unread", "unresolved", "done", "all"] as const;

/** What the command bar offers wherever one is. */
export function everywhere(): Command[] {
  const online = session.me?.wants_online ?? false;
  return [
    {
      id: "online",
      label: online ? t("online.goOff") : t("online.goOn"),
      group: t("commands.status"),
      icon: Power,
      run: () => void goOnline(!online),
    },
    ...FOLDERS.map((folder, index) => ({
      id: `folder-${folder}`,
      label: t("commands.folder", { folder: t(`folder.${folder}`) }),
      group: t("commands.go"),
      icon: Inbox,
      keys: String(index + 1),
      run: () => go(`/inbox${folder === "unread" ? "" : `?folder=${folder}`}`),
    })),
    ...(may("tickets.read")
      ? [
          {
            id: "tickets",
            label: t("nav.tickets"),
            group: t("commands.go"),
            icon: Ticket,
            run: () => go("/tickets"),
          },
        ]
      : []),
    ...(may("tickets.manage")
      ? [
          {
            id: "tickets-new",
            label: t("tickets.new"),
            group: t("nav.tickets"),
            icon: Ticket,
            run: () => go("/tickets/new"),
          },
        ]
      : []),
    {
      id: "articles",
      label: t("nav.articles"),
      group: t("commands.go"),
      icon: BookOpen,
      run: () => go("/articles"),
    },
    ...SECTIONS.map((section) => ({
      id: `settings-${section.id}`,
      label: t("commands.settings", { section: t(section.label) }),
      group: t("commands.go"),
      icon: Settings,
      run: () => go(`/settings/${section.id}`),
    })),
    ...(["system", "light", "dark"] as const).map((theme) => ({
      id: `theme-${theme}`,
      label: t("profile.themeIs", { theme: t(`theme.${theme}`) }),
      group: t("commands.look"),
      icon: Moon,
      run: () => changeLook({ theme }),
    })),
    ...languages.map((one) => ({
      id: `language-${one.tag}`,
      label: t("commands.language", { language: one.name }),
      group: t("commands.look"),
      icon: Languages,
      run: () => void attempt(() => changeLanguage(one.tag)),
    })),
    {
      id: "help",
      label: t("nav.help"),
      group: t("commands.go"),
      icon: CircleHelp,
      keys: "?",
      run: () => (overlays.help = true),
    },
    {
      id: "sign-out",
      label: t("session.signOut"),
      group: t("commands.status"),
      icon: LogOut,
      run: () => void attempt(signOut),
    },
  ];
}
