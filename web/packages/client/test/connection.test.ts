import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Backoff } from "../src/backoff";
import { Connection, type ConnectionState, type StopReason } from "../src/connection";
import { FarEnd } from "./wire";

type Out = { type: "hello" } | { type: "typing"; on: boolean };
type In = { type: string };

beforeEach(() => {
  vi.useFakeTimers();
  FarEnd.all = [];
  vi.stubGlobal("WebSocket", FarEnd);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function connect(random = () => 0) {
  const heard: In[] = [];
  const states: [ConnectionState, StopReason | null][] = [];
  const connection = new Connection<Out, In>({
    url: "ws://shop.example/socket",
    hello: () => ({ type: "hello" }),
    frame: (frame) => void heard.push(frame),
    state: (state, reason) => void states.push([state, reason]),
    random,
  });
  connection.start();
  return { connection, heard, states };
}

const latest = () => FarEnd.latest;

describe("Connection", () => {
  test("says hello first, is live after the welcome and hands frames on", () => {
    const { connection, heard, states } = connect();
    expect(connection.send({ type: "typing", on: true })).toBe(false);
    latest().accept();
    expect(latest().said).toEqual([{ type: "hello" }]);
    expect(states.at(-1)).toEqual(["live", null]);
    expect(connection.send({ type: "typing", on: true })).toBe(true);
    latest().says({ type: "heartbeat" });
    expect(heard.map((frame) => frame.type)).toEqual(["welcome", "heartbeat"]);
  });

  test("comes back by itself after a lost connection", () => {
    const { states } = connect();
    latest().accept();
    latest().hangsUp(1006);
    expect(states.at(-1)).toEqual(["waiting", null]);
    vi.advanceTimersByTime(500);
    expect(FarEnd.all).toHaveLength(2);
    latest().accept();
    expect(states.at(-1)).toEqual(["live", null]);
  });

  test("waits grow up to 20 s and are spread from 0.5 s", () => {
    const most = new Backoff(() => 1);
    expect(Array.from({ length: 8 }, () => most.next())).toEqual([
      1e3, 2e3, 4e3, 8e3, 16e3, 20e3, 20e3, 20e3,
    ]);
    const least = new Backoff(() => 0);
    expect(Array.from({ length: 8 }, () => least.next())).toEqual(Array(8).fill(500));
  });

  test.each([
    [4401, "signed-out"],
    [4403, "origin-refused"],
    [4409, "unknown-channel"],
    [4426, "too-old"],
  ] as const)("close code %i ends it: %s", (code, reason) => {
    const { states } = connect();
    latest().accept();
    latest().hangsUp(code);
    vi.advanceTimersByTime(600_000);
    expect(FarEnd.all).toHaveLength(1);
    expect(states.at(-1)).toEqual(["stopped", reason]);
  });

  test.each([4408, 1012, 1006, 1011])("close code %i is followed by another try", (code) => {
    connect();
    latest().accept();
    latest().hangsUp(code);
    vi.advanceTimersByTime(500);
    expect(FarEnd.all).toHaveLength(2);
  });

  test.each([4400, 4429])("close code %i is followed by a try, but a late one", (code) => {
    connect();
    latest().accept();
    latest().hangsUp(code);
    vi.advanceTimersByTime(10_000);
    expect(FarEnd.all).toHaveLength(1);
    vi.advanceTimersByTime(600);
    expect(FarEnd.all).toHaveLength(2);
  });

  test("a server that goes away says when to come back", () => {
    connect();
    latest().accept();
    latest().says({ type: "going_away", retry_in_ms: 3_000 });
    latest().hangsUp(1012);
    vi.advanceTimersByTime(2_999);
    expect(FarEnd.all).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(FarEnd.all).toHaveLength(2);
  });

  test("25 s of silence are a lost connection; a frame is a sign of life", () => {
    const { connection } = connect();
    latest().accept();
    vi.advanceTimersByTime(24_000);
    latest().says({ type: "heartbeat" });
    vi.advanceTimersByTime(24_000);
    expect(connection.state).toBe("live");
    vi.advanceTimersByTime(1_000);
    expect(connection.state).toBe("waiting");
    expect(FarEnd.all[0]?.readyState).toBe(3);
  });

  test("a socket that opens but is not welcomed is given up after 10 s", () => {
    const { connection } = connect();
    vi.advanceTimersByTime(10_000);
    expect(connection.state).toBe("waiting");
  });

  test("a page that wakes does not wait for its timers", () => {
    const { connection } = connect(() => 1);
    latest().hangsUp(1006);
    connection.wake();
    expect(FarEnd.all).toHaveLength(2);
    latest().accept();
    connection.wake(); // live and heard of lately: left alone
    expect(FarEnd.all).toHaveLength(2);
  });

  test("a page that goes closes the socket at once", () => {
    const { connection } = connect();
    latest().accept();
    connection.lose();
    expect(latest().readyState).toBe(3);
    expect(connection.state).toBe("waiting");
  });

  test("frames of a socket that was given up are not heard", () => {
    const { connection, heard } = connect();
    latest().accept();
    const old = latest();
    connection.restart();
    old.says({ type: "message" });
    old.hangsUp(4401);
    expect(heard.map((frame) => frame.type)).toEqual(["welcome"]);
    expect(connection.state).toBe("connecting");
  });

  test("text that is no frame is passed over", () => {
    const { connection, heard } = connect();
    latest().accept();
    latest().onmessage?.({ data: "not json" });
    expect(heard).toHaveLength(1);
    expect(connection.state).toBe("live");
  });
});
