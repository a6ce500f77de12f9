import type { Key } from "../../i18n/index.svelte";

/** The settings' pages, in order. `needs`: without this permission the page tells so and shows what may be seen. */
export const SECTIONS: readonly { id: string; label: Key; needs?: string; company: boolean }[] = [
  { id: "profile", label: "settings.profile", company: false },
  { id: "notifications", label: "settings.notifications", company: false },
  { id: "sessions", label: "settings.sessions", company: false },
  { id: "general", label: "settings.general", needs: "hours.manage", company: true },
  { id: "agents", label: "settings.agents", needs: "agents.manage", company: true },
  { id: "teams", label: "settings.teams", needs: "teams.manage", company: true },
  { id: "roles", label: "settings.roles", needs: "roles.manage", company: true },
  { id: "text-blocks", label: "textblocks.title", needs: "textblocks.manage", company: true },
  { id: "system-messages", label: "sysmsg.title", needs: "rules.manage", company: true },
  { id: "fields", label: "settings.fields", needs: "fields.manage", company: true },
  { id: "labels", label: "settings.labels", needs: "labels.manage", company: true },
  { id: "security", label: "settings.security", needs: "security.manage", company: true },
  { id: "mail", label: "mail.title", needs: "mail.manage", company: true },
  { id: "routing-rules", label: "rules.title.routing", needs: "rules.manage", company: true },
  { id: "sla-rules", label: "rules.title.sla", needs: "rules.manage", company: true },
  { id: "action-rules", label: "rules.title.action", needs: "rules.manage", company: true },
  { id: "watchdogs", label: "watchdogs.title", needs: "rules.manage", company: true },
  { id: "channels", label: "settings.channels", needs: "channels.manage", company: true },
  { id: "api-keys", label: "settings.apiKeys", needs: "integrations.manage", company: true },
  { id: "webhooks", label: "settings.webhooks", needs: "webhooks.manage", company: true },
  { id: "chat-links", label: "settings.chatLinks", needs: "chat_links.manage", company: true },
  { id: "audit", label: "settings.audit", needs: "audit.read", company: true },
];
