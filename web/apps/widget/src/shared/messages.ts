import type { ChannelLook, PageView, RuleFacts } from "@alongside/contract";

/** What a page says of its visitor without proof. */
export interface Claims {
  id?: string;
  name?: string;
  email?: string;
  phone?: string;
  /** Values of the company's own fields, by key. */
  fields?: Record<string, unknown>;
}

export type Identity = { token: string } | { claims: Claims };

/** What the page's side tells the panel. */
export type ToPanel =
  | {
      type: "hello";
      look: ChannelLook;
      page: PageView;
      languages: string[];
      dir: "ltr" | "rtl";
      open: boolean;
      /** Somebody opened it just now, so it may take the focus. */
      focus: boolean;
    }
  | { type: "open" }
  | { type: "closed" }
  | { type: "page"; page: PageView }
  | { type: "look"; look: ChannelLook }
  | { type: "identify"; identity: Identity }
  | { type: "reset" }
  /** Ask the server what only it knows of this visitor, for the action rules. */
  | { type: "ask" }
  /** An action rule matched, and something of it is the server's to do. */
  | { type: "rule"; rule: string; occasion: string };

/** What the panel tells the page's side. Never what is written in the chat: that is not the page's to read. */
export type ToPage =
  | { type: "ready" }
  | { type: "close" }
  | { type: "unread"; count: number }
  | { type: "message"; mine: boolean; at: string }
  | { type: "known"; known: boolean }
  | { type: "look"; look: ChannelLook }
  /** The channel is switched off: there is nobody to write to. */
  | { type: "gone" }
  | { type: "facts"; facts: RuleFacts }
  /** What the server had to do for a rule is done, or is not to be done. */
  | { type: "deed"; rule: string }
  | { type: "refused"; message: string };

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const flag: Check = (value) => typeof value === "boolean";
const thing: Check = (value) => typeof value === "object" && value !== null;

const TO_PANEL: Record<ToPanel["type"], Record<string, Check>> = {
  hello: { look: thing, page: thing, languages: Array.isArray, dir: text, open: flag, focus: flag },
  open: {},
  closed: {},
  page: { page: thing },
  look: { look: thing },
  identify: { identity: thing },
  reset: {},
  ask: {},
  rule: { rule: text, occasion: text },
};

/** The message if it has the shape of one, else null: any script of the page may post messages to the panel. */
export function toPanel(data: unknown): ToPanel | null {
  const message = (thing(data) ? (data as { alongside?: unknown }).alongside : null) as Record<
    string,
    unknown
  >;
  const type = thing(message) && message["type"];
  const shape = typeof type === "string" && Object.hasOwn(TO_PANEL, type) && TO_PANEL[type as "open"];
  const whole = shape && Object.entries<Check>(shape).every(([name, check]) => check(message[name]));
  return whole ? (message as ToPanel) : null;
}

/** What the panel said. Only our own panel is heard, by its frame and its origin, so its word is taken. */
export const toPage = (data: unknown): ToPage | undefined =>
  (data as { alongside?: ToPage } | null)?.alongside;

/** How a message travels: under one name, so that it cannot be taken for another script's. */
export const wrap = (message: ToPanel | ToPage): object => ({ alongside: message });
