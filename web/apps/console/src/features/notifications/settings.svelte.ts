export const OCCASIONS = ["newConversation", "newMessage", "assigned"] as const;
export type Occasion = (typeof OCCASIONS)[number];

interface NotificationSettings {
  popup: Record<Occasion, boolean>;
  sound: Record<Occasion, boolean>;
  /** 0 to 1. */
  volume: number;
}

const KEY = "alongside.notifications";
const all = (on: boolean): Record<Occasion, boolean> => ({
  newConversation: on,
  newMessage: on,
  assigned: on,
});

/** What makes itself known in this browser, and how loud. */
export const notify: NotificationSettings = $state(read());

function read(): NotificationSettings {
  const standard = { popup: all(true), sound: all(true), volume: 0.6 };
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<NotificationSettings>;
    return {
      popup: { ...standard.popup, ...kept.popup },
      sound: { ...standard.sound, ...kept.sound },
      volume: kept.volume ?? standard.volume,
    };
  } catch {
    return standard;
  }
}

export function keepNotifications(): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(notify));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
