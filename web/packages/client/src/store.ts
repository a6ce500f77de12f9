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

/** IndexedDB where the browser gives it, else memory: blocked storage costs the outbox its survival, nothing more. */
export function openStore(name: string): PendingStore {
  const memory = memoryStore();
  let opened: Promise<PendingStore> | null = null;
  const store = () => (opened ??= openDatabase(name).then(databaseStore, () => memory));
  const attempt = <T>(act: (store: PendingStore) => Promise<T>): Promise<T> =>
    store().then((chosen) => act(chosen).catch(() => act(memory)));
  return {
    all: (owner) => attempt((chosen) => chosen.all(owner)),
    put: (item) => attempt((chosen) => chosen.put(item)),
    remove: (id) => attempt((chosen) => chosen.remove(id)),
  };
}

export function memoryStore(): PendingStore {
  const items = new Map<string, Pending>();
  return {
    all: async (owner) => [...items.values()].filter((item) => item.owner === owner),
    put: async (item) => void items.set(item.id, item),
    remove: async (id) => void items.delete(id),
  };
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("IndexedDB did not open in time")), OPEN_WITHIN_MS);
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("pending", { keyPath: "id" });
    request.onsuccess = () => (clearTimeout(late), resolve(request.result));
    request.onerror = () => (clearTimeout(late), reject(request.error ?? new Error("IndexedDB is blocked")));
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
