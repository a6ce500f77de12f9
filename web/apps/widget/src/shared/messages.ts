import type { ChannelLook, PageView } from "@alongside/contract";

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
  | { type: "identify"; identity: Identity }
  | { type: "reset" };

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
  | { type: "refused"; message: string };

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const flag: Check = (value) => typeof value === "boolean";
const thing: Check = (value) => typeof value === "object" && value !== null;
const count: Check = (value) => Number.isInteger(value);

const TO_PANEL: Record<ToPanel["type"], Record<string, Check>> = {
  hello: { look: thing, page: thing, languages: Array.isArray, dir: text, open: flag, focus: flag },
  open: {},
  closed: {},
  page: { page: thing },
  identify: { identity: thing },
  reset: {},
};

const TO_PAGE: Record<ToPage["type"], Record<string, Check>> = {
  ready: {},
  close: {},
  unread: { count },
  message: { mine: flag, at: text },
  known: { known: flag },
  look: { look: thing },
  gone: {},
  refused: { message: text },
};

/** The message if it has the shape of one, else null: other scripts of the page post messages too. */
export const toPanel = (data: unknown): ToPanel | null => read(data, TO_PANEL) as ToPanel | null;
export const toPage = (data: unknown): ToPage | null => read(data, TO_PAGE) as ToPage | null;

function read(data: unknown, shapes: Record<string, Record<string, Check>>): unknown {
  const message = (thing(data) ? (data as { alongside?: unknown }).alongside : null) as Record<
    string,
    unknown
  >;
  const type = thing(message) && message["type"];
  const shape = typeof type === "string" && Object.hasOwn(shapes, type) && shapes[type];
  return shape && Object.entries(shape).every(([name, check]) => check(message[name])) ? message : null;
}

/** How a message travels: under one name, so that it cannot be taken for another script's. */
export const wrap = (message: ToPanel | ToPage): object => ({ alongside: message });
