import Contact from "@lucide/svelte/icons/contact-round";
import BookOpen from "@lucide/svelte/icons/book-open";
import ChartColumn from "@lucide/svelte/icons/chart-column";
import Hourglass from "@lucide/svelte/icons/hourglass";
import Inbox from "@lucide/svelte/icons/inbox";
import Ticket from "@lucide/svelte/icons/ticket";
import Settings from "@lucide/svelte/icons/settings";
import type { Component } from "svelte";
import type { Key } from "../i18n/index.svelte";
import type { Page } from "./router.svelte";

export interface RailPage {
  id: Page;
  label: Key;
  icon: typeof Inbox;
  /** Who has not this permission is not led there. */
  needs?: string;
  /** Fetched when first shown. The inbox has none: it is always there. */
  load?: () => Promise<{ default: Component }>;
}

/** What the rail leads to, in order. */
export const RAIL_PAGES: readonly RailPage[] = [
  { id: "inbox", label: "nav.inbox", icon: Inbox },
  {
    id: "queue",
    label: "nav.queue",
    icon: Hourglass,
    load: () => import("../features/routing/QueuePage.svelte"),
  },
  {
    id: "tickets",
    label: "nav.tickets",
    icon: Ticket,
    needs: "tickets.read",
    load: () => import("../features/tickets/TicketsPage.svelte"),
  },
  {
    id: "contacts",
    label: "nav.contacts",
    icon: Contact,
    load: () => import("../features/contacts/ContactsPage.svelte"),
  },
  {
    id: "articles",
    label: "nav.articles",
    icon: BookOpen,
    load: () => import("../features/articles/ArticlesPage.svelte"),
  },
  {
    id: "reports",
    label: "nav.reports",
    icon: ChartColumn,
    needs: "reports.view",
    load: () => import("../features/reports/ReportsPage.svelte"),
  },
  {
    id: "settings",
    label: "nav.settings",
    icon: Settings,
    load: () => import("../features/settings/Settings.svelte"),
  },
];
