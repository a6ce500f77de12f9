import "fake-indexeddb/auto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Outbox, type Outcome } from "../src/outbox";
import { memoryStore, openStore, type Pending, type PendingStore } from "../src/store";

const SENT: Outcome = { kind: "sent" };
const problem = (code: string) => ({ code, message: `The server said ${code}.` });

/** A server as the outbox sees it: stores each client id once, in order of arrival. */
class Server {
  stored: string[] = [];
  calls: string[] = [];
  answer: (item: Pending) => Outcome | Promise<Outcome> = () => SENT;

  deliver = async (item: Pending): Promise<Outcome> => {
    this.calls.push(item.text);
    const { answer } = this; // as it was when the try began
    await Promise.resolve();
    const outcome = await answer(item);
    if (outcome.kind === "sent" && !this.stored.includes(`${item.scope}:${item.id}:${item.text}`)) {
      this.stored.push(`${item.scope}:${item.id}:${item.text}`);
    }
    return outcome;
  };

  texts(scope = "c"): string[] {
    return this.stored
      .filter((line) => line.startsWith(`${scope}:`))
      .map((line) => line.split(":")[2] as string);
  }
}

const open: Outbox[] = [];
let owners = 0;

function outbox(server: Server, store: PendingStore, owner = `agent:${++owners}`) {
  const states: Pending[][] = [];
  const box = new Outbox({
    owner,
    store,
    deliver: server.deliver,
    changed: (items) => void states.push(items),
    random: () => 0,
  });
  open.push(box);
  return { box, states, owner };
}

afterEach(() => {
  for (const box of open.splice(0)) box.close();
  vi.useRealTimers();
});

describe("Outbox", () => {
  test("sends one after the other and forgets what is committed", async () => {
    const server = new Server();
    const { box, states } = outbox(server, memoryStore());
    await Promise.all(["one", "two", "three"].map((text) => box.add({ scope: "c", text })));
    await vi.waitFor(() => expect(box.list()).toEqual([]));
    expect(server.texts()).toEqual(["one", "two", "three"]);
    expect(states[0]?.[0]?.state).toBe("sending");
  });

  test("what was not sent before a reload is sent after it, in order and once", async () => {
    const server = new Server();
    server.answer = () => ({ kind: "hold" });
    const first = outbox(server, openStore("reload"));
    await first.box.add({ scope: "c", text: "one" });
    await first.box.add({ scope: "c", text: "two" });
    first.box.close();
    expect(server.texts()).toEqual([]);

    server.answer = () => SENT;
    const second = outbox(server, openStore("reload"), first.owner);
    await second.box.load();
    await vi.waitFor(() => expect(second.box.list()).toEqual([]));
    expect(server.texts()).toEqual(["one", "two"]);
    expect(await openStore("reload").all(first.owner)).toEqual([]);
  });

  test("another person on the same browser neither sees nor sends it", async () => {
    const server = new Server();
    server.answer = () => ({ kind: "hold" });
    const mine = outbox(server, openStore("owners"));
    await mine.box.add({ scope: "c", text: "mine" });
    mine.box.close();
    server.answer = () => SENT;
    const theirs = outbox(server, openStore("owners"));
    await theirs.box.load();
    expect(theirs.box.list()).toEqual([]);
    expect(server.texts()).toEqual([]);
  });

  test("two tabs with the same outbox deliver everything once and in order", async () => {
    const server = new Server();
    server.answer = () => ({ kind: "later" });
    const store = openStore("tabs");
    const a = outbox(server, store);
    const b = outbox(server, store, a.owner);
    for (const text of ["1", "2", "3"]) await a.box.add({ scope: "c", text });
    await b.box.load();
    await b.box.add({ scope: "c", text: "4" });

    server.answer = () => SENT;
    await Promise.all([a.box.load(), b.box.load()]);
    await vi.waitFor(() => expect([a.box.list(), b.box.list()]).toEqual([[], []]));
    expect(server.texts()).toEqual(["1", "2", "3", "4"]);
  });

  test("a lost network keeps it waiting, however long, and it goes out when the way is open", async () => {
    vi.useFakeTimers();
    const server = new Server();
    server.answer = () => ({ kind: "later" });
    const { box } = outbox(server, memoryStore());
    await box.add({ scope: "c", text: "from the tunnel" });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(box.list().map((item) => item.state)).toEqual(["waiting"]);
    expect(server.calls.length).toBeGreaterThan(5);

    server.answer = () => SENT;
    box.resume();
    await vi.advanceTimersByTimeAsync(0);
    expect(box.list()).toEqual([]);
    expect(server.texts()).toEqual(["from the tunnel"]);
  });

  test.each(["client-id-reused", "too-large", "invalid"])(
    "a refusal (%s) fails it and lets the next pass",
    async (code) => {
      const server = new Server();
      server.answer = (item) => (item.text === "bad" ? { kind: "refused", problem: problem(code) } : SENT);
      const { box } = outbox(server, memoryStore());
      await box.add({ scope: "c", text: "bad" });
      await box.add({ scope: "c", text: "good" });
      await vi.waitFor(() => expect(server.texts()).toEqual(["good"]));
      expect(box.list()).toMatchObject([{ text: "bad", state: "failed", problem: problem(code) }]);
    },
  );

  test("after a refusal a person can try again; an id that stands for another text is replaced", async () => {
    const server = new Server();
    server.answer = () => ({ kind: "refused", problem: problem("client-id-reused") });
    const { box } = outbox(server, memoryStore());
    const { id } = await box.add({ scope: "c", text: "again" });
    await vi.waitFor(() => expect(box.list()[0]?.state).toBe("failed"));
    server.answer = () => SENT;
    await box.retry(id);
    await vi.waitFor(() => expect(box.list()).toEqual([]));
    expect(server.texts()).toEqual(["again"]);
    expect(server.stored[0]).not.toContain(id);
  });

  test("what was written while an earlier one was tried waits with it", async () => {
    const server = new Server();
    let fail = (_: Outcome) => {};
    server.answer = () => new Promise((done) => (fail = done));
    const { box } = outbox(server, memoryStore());
    await box.add({ scope: "c", text: "one" });
    await vi.waitFor(() => expect(server.calls).toEqual(["one"]));
    await box.add({ scope: "c", text: "two" });
    expect(box.list().map((item) => item.state)).toEqual(["sending", "sending"]);
    fail({ kind: "later" });
    await vi.waitFor(() => expect(box.list().map((item) => item.state)).toEqual(["waiting", "waiting"]));
  });

  test("a busy server is waited for as long as it asks", async () => {
    vi.useFakeTimers();
    const server = new Server();
    server.answer = () => ({ kind: "later", afterMs: 7_000, problem: problem("too-many") });
    const { box } = outbox(server, memoryStore());
    await box.add({ scope: "c", text: "patient" });
    await vi.advanceTimersByTimeAsync(6_900);
    expect(server.calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(server.calls).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(70_000);
    expect(box.list()[0]?.state).toBe("waiting"); // never failed: the server said that trying again helps
  });

  test("a server that answers with errors is tried five times, then a person is asked", async () => {
    vi.useFakeTimers();
    const server = new Server();
    server.answer = () => ({ kind: "later", problem: problem("internal") });
    const { box } = outbox(server, memoryStore());
    await box.add({ scope: "c", text: "unlucky" });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.calls).toHaveLength(5);
    expect(box.list()).toMatchObject([{ state: "failed", problem: problem("internal") }]);
  });

  test("a way that opens during a try that fails is not missed", async () => {
    const server = new Server();
    let fail: (outcome: Outcome) => void = () => undefined;
    server.answer = () => new Promise<Outcome>((resolve) => (fail = resolve));
    const { box } = outbox(server, memoryStore());
    await box.add({ scope: "c", text: "first" });
    await vi.waitFor(() => expect(server.calls).toHaveLength(1));
    server.answer = () => SENT;
    box.resume();
    fail({ kind: "hold" });
    await vi.waitFor(() => expect(server.texts()).toEqual(["first"]));
  });

  test("conversations do not wait for each other", async () => {
    const server = new Server();
    server.answer = (item) => (item.scope === "stuck" ? { kind: "hold" } : SENT);
    const { box } = outbox(server, memoryStore());
    await box.add({ scope: "stuck", text: "waits" });
    await box.add({ scope: "c", text: "goes" });
    await vi.waitFor(() => expect(server.texts()).toEqual(["goes"]));
    expect(box.list().map((item) => item.text)).toEqual(["waits"]);
  });

  test("a message that the log shows is settled even when its acknowledgement was lost", async () => {
    const server = new Server();
    let lost: (outcome: Outcome) => void = () => undefined;
    server.answer = () => new Promise<Outcome>((resolve) => (lost = resolve));
    const { box } = outbox(server, memoryStore());
    const { id } = await box.add({ scope: "c", text: "seen in the log" });
    await vi.waitFor(() => expect(server.calls).toHaveLength(1));
    await box.settled(id);
    lost({ kind: "later" });
    await box.add({ scope: "c", text: "next" });
    server.answer = () => SENT;
    await vi.waitFor(() => expect(box.list()).toEqual([]));
    expect(server.calls.filter((text) => text === "seen in the log")).toHaveLength(1);
  });

  test("storage that is slow to open keeps what was written before it was open", async () => {
    const real = indexedDB.open.bind(indexedDB);
    let opens: () => void = () => undefined;
    const slow = vi.spyOn(indexedDB, "open").mockImplementation((...given) => {
      const asked = { onsuccess: () => undefined } as unknown as IDBOpenDBRequest;
      opens = () => {
        const request = real(...given);
        request.onupgradeneeded = () => request.result.createObjectStore("pending", { keyPath: "id" });
        request.onsuccess = () => {
          Object.assign(asked, { result: request.result });
          asked.onsuccess?.(new Event("success"));
        };
      };
      return asked;
    });
    const store = openStore("slow");
    const pending = (id: string) => ({ id, owner: "visitor:slow" }) as Pending;
    await Promise.all([store.put(pending("1")), store.put(pending("2"))]);
    await store.remove("2");
    opens();
    slow.mockRestore();
    await vi.waitFor(async () => {
      const found = await openStore("slow").all("visitor:slow");
      expect(found.map(({ id }) => id)).toEqual(["1"]);
    });
  });

  test("blocked storage costs the survival of a reload, nothing else", async () => {
    const blocked = vi.spyOn(indexedDB, "open").mockImplementation(() => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    });
    const server = new Server();
    const { box } = outbox(server, openStore("blocked"));
    await box.load();
    await box.add({ scope: "c", text: "still goes" });
    await vi.waitFor(() => expect(server.texts()).toEqual(["still goes"]));
    blocked.mockRestore();
  });
});
