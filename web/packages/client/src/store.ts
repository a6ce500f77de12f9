import type { Attachment, Named } from "@alongside/contract";

/** A message that is not yet known to be committed. `scope` names the conversation; order is kept within it. */
export interface Pending {
  /** The client id: a UUIDv7 made once per user action; sorts in the order of writing. */
  id: string;
  /** Whose outbox: nobody else on this browser may send it. */
  owner: string;
  scope: string;
  kind: "message" | "note";
  text: string;
  /** Files that are whole at the server already. */
  attachments: Attachment[];
  thenDone: boolean;
  /** What goes with the text besides files: the number of what it answers to, and whom a note names. */
  more?: { quote?: number | null; mentions?: Named[] };
  at: string;
  /** sending: on its way. waiting: a try failed, another follows by itself. failed: only a person can go on. */
  state: "sending" | "waiting" | "failed";
  problem: Problem | null;
}

/** What goes over the wire. */
export function bodyOf({ id, text, attachments, more }: Pending) {
  return { client_id: id, text, attachments: attachments.map((file) => file.id), ...more };
}

export interface Problem {
  code: string;
  message: string;
}

export interface PendingStore {
  all(owner: string): Promise<Pending[]>;
  put(item: Pending): Promise<void>;
  remove(id: string): Promise<void>;
}

const OPEN_WITHIN_MS = 2_000;

/**
 * IndexedDB where the browser gives it, else memory: blocked storage costs the outbox its survival, nothing more. What is
 * slow to open is not waited for; once it is open, it takes what was written meanwhile.
 */
export function openStore(name: string): PendingStore {
  /** What this page has written and not taken away. */
  const items = new Map<string, Pending>();
  const memory = memoryStore(items);
  let kept: PendingStore | null = null;
  let opened: Promise<unknown> | null = null;
  const open = async () => {
    kept = databaseStore(await openDatabase(name));
    for (const [id, item] of [...items]) {
      await kept.put(items.get(id) ?? item);
      if (!items.has(id)) await kept.remove(id);
    }
  };
  const attempt = async <T>(act: (store: PendingStore) => Promise<T>): Promise<T> => {
    await (opened ??= Promise.race([open().catch(() => undefined), passed(OPEN_WITHIN_MS)]));
    return kept ? act(kept).catch(() => act(memory)) : act(memory);
  };
  return {
    all: (owner) => attempt((chosen) => chosen.all(owner)),
    put: (item) => (items.set(item.id, item), attempt((chosen) => chosen.put(item))),
    remove: (id) => (items.delete(id), attempt((chosen) => chosen.remove(id))),
  };
}

const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export function memoryStore(items = new Map<string, Pending>()): PendingStore {
  return {
    all: async (owner) => [...items.values()].filter((item) => item.owner === owner),
    put: async (item) => void items.set(item.id, item),
    remove: async (id) => void items.delete(id),
  };
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("pending", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB is blocked"));
  });
}

function databaseStore(database: IDBDatabase): PendingStore {
  const run = <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction("pending", mode);
      const request = act(transaction.objectStore("pending"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () =>
        reject(transaction.error ?? request.error ?? new Error());
    });
  return {
    all: async (owner) => {
      const items: Pending[] = await run("readonly", (store) => store.getAll());
      // An earlier version kept messages without files.
      return items
        .filter((item) => item.owner === owner)
        .map((item) => ({ ...item, attachments: item.attachments ?? [] }));
    },
    put: async (item) => void (await run("readwrite", (store) => store.put(item))),
    remove: async (id) => void (await run("readwrite", (store) => store.delete(id))),
  };
}
