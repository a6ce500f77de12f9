import CircleHelp from "@lucide/svelte/icons/circle-question-mark";
import Inbox from "@lucide/svelte/icons/inbox";
import Languages from "@lucide/svelte/icons/languages";
import LogOut from "@lucide/svelte/icons/log-out";
import Moon from "@lucide/svelte/icons/moon";
import Power from "@lucide/svelte/icons/power";
import Settings from "@lucide/svelte/icons/settings";
import Ticket from "@lucide/svelte/icons/ticket";
import User from "@lucide/svelte/icons/user";
import UserPlus from "@lucide/svelte/icons/user-plus";
import { languages, t } from "../i18n/index.svelte";
import { goOnline } from "../features/profile/online.svelte";
import { changeLanguage, may, session, signOut } from "../features/session/session.svelte";
import { SECTIONS } from "../features/settings/sections";
import { attempt } from "../live/api";
import { channels } from "../live/directory.svelte";
import type { Command } from "./commands.svelte";
import { changeLook } from "./look.svelte";
import { overlays } from "./overlays.svelte";
import { RAIL_PAGES } from "./pages";
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
    {
      id: "mine",
      label: t("commands.mine"),
      group: t("commands.go"),
      icon: User,
      run: () => go("/inbox?folder=all&mine=1"),
    },
    ...[...channels.values()].map((channel) => ({
      id: `provider-${channel.id}`,
      label: t("commands.provider", { name: channel.name }),
      group: t("commands.go"),
      icon: Inbox,
      run: () => go(`/inbox?folder=all&provider=${channel.id}`),
    })),
    ...RAIL_PAGES.filter(
      (page) => page.load && page.id !== "settings" && (!page.needs || may(page.needs)),
    ).map((page) => ({
      id: page.id,
      label: t(page.label),
      group: t("commands.go"),
      icon: page.icon,
      run: () => go(`/${page.id}`),
    })),
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
    ...(may("agents.manage")
      ? (["invite", "create"] as const).map((act) => ({
          id: `agents-${act}`,
          label: t(`agents.${act}`),
          group: t("settings.agents"),
          icon: UserPlus,
          run: () => go(`/settings/agents?do=${act}`),
        }))
      : []),
    {
      id: "password",
      label: t("profile.changePassword"),
      group: t("settings.profile"),
      icon: Settings,
      run: () => go("/settings/profile"),
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
