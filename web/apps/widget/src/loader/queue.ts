import type { Claims, Identity } from "../shared/messages";

/** What a page may hear of. Never the text of a message. */
export interface PageEvents {
  ready: undefined;
  open: undefined;
  close: undefined;
  unread: number;
  message: { mine: boolean; at: string };
  /** An action rule matched. `name` is what the rule has for the page's code, if it has something. */
  rule: { rule: string; name: string };
}

/** What a page may ask for. */
export interface Commands {
  identify(identity: Identity): void;
  reset(): void;
  show(): void;
  hide(): void;
  open(): void;
  close(): void;
  /** What a part that comes when it is needed does. */
  more(call: unknown[]): void;
}

type Listener = (detail: never) => void;
type Call = ArrayLike<unknown> & Iterable<unknown>;

const METHODS = ["identify", "reset", "show", "hide", "open", "close"];
const LATER = ["event", "hasActionRuleMatched", "shouldShowWebchat", "shouldShowWebchatInterval"];

/**
 * Makes `window.Alongside`, callable as a function or by its methods, before and after the widget is there, and takes
 * over from the snippet's stub. Null when the widget is on this page already.
 */
export function takeQueue(warn: (text: string) => void) {
  const page = window as { Alongside?: { q?: Call[]; ready?: true } };
  if (page.Alongside?.ready) return null;
  let listeners: [name: string, listener: Listener][] = [];
  let commands: Commands | undefined;
  const waiting: Call[] = [];

  /** What a listener throws is the page's own error, told as such, and stops nothing here. */
  const tell = (listener: Listener, detail: unknown) => void setTimeout(() => listener(detail as never));

  const emit = <Name extends keyof PageEvents>(name: Name, detail: PageEvents[Name]) => {
    for (const [heard, listener] of listeners) if (heard === name) tell(listener, detail);
  };

  const on = (name: unknown, listener: unknown): (() => void) => {
    const entry = [name, listener] as [string, Listener];
    if (typeof listener === "function") listeners.push(entry);
    else warn("on needs an event and a function.");
    if (name === "ready" && commands) tell(entry[1], undefined);
    return () => void (listeners = listeners.filter((other) => other !== entry));
  };

  const obey = (given: Call): void => {
    const [name, detail] = given;
    if (name === "identify") {
      const identity = read(detail);
      if (identity) commands?.identify(identity);
      else warn("identify needs { token } or { id, name, email, phone, fields }.");
    } else if (METHODS.includes(name as string)) {
      commands?.[name as "open"]();
    } else {
      commands?.more([...given]);
    }
  };

  const call = (given: Call): unknown => {
    if (given[0] === "on") return on(given[1], given[2]);
    if (commands) obey(given);
    else waiting.push(given);
    return undefined;
  };

  const early = page.Alongside?.q ?? [];
  const methods = [...METHODS, ...LATER, "on"].map((name) => [
    name,
    (...rest: unknown[]) => call([name, ...rest]),
  ]);
  page.Alongside = Object.assign((...given: unknown[]) => call(given), Object.fromEntries(methods), {
    ready: true,
  });
  early.forEach(call);

  return {
    emit,
    on,
    /** From now on calls are obeyed, first those that waited. */
    serve(served: Commands): void {
      commands = served;
      emit("ready", undefined);
      waiting.forEach(obey);
    },
  };
}

/** A signed token by itself or as `token`, else the claims among the fields given. */
function read(detail: unknown): Identity | null {
  const given = (typeof detail === "string" ? { token: detail } : (detail ?? {})) as Record<string, unknown>;
  if (typeof given["token"] === "string") return { token: given["token"] };
  const known = ["id", "name", "email", "phone"].filter(
    (name) => given[name] !== undefined && given[name] !== null,
  );
  const claims: Claims = Object.fromEntries(known.map((name) => [name, String(given[name])]));
  if (given["fields"]) claims.fields = plain(given["fields"]);
  return Object.keys(claims).length > 0 ? { claims } : null;
}

/** As it goes through JSON: a page may give what no message carries. */
function plain(value: unknown): Record<string, unknown> {
  try {
    return JSON.parse(JSON.stringify({ ...(value as object) })) as Record<string, unknown>;
  } catch {
    return {};
  }
}
