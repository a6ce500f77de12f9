import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Attachment, Upload } from "@alongside/contract";
import { HttpError, type Http } from "../src/http";
import { Uploads, type Sending } from "../src/uploads";

const LEAST = 4;
const MOST = 16;

/** A server's side of one upload, which can be away, and loses what it is told to lose. */
class Server {
  bytes = 0;
  got: number[] = [];
  away = false;
  begun = 0;
  deleted: string[] = [];
  refuse: HttpError | null = null;
  /** Parts that are stored although their answer is lost. */
  swallow = 0;

  http = {
    post: async () => {
      this.answer();
      this.begun++;
      return this.upload();
    },
    get: async () => {
      this.answer();
      return this.upload();
    },
    delete: async (path: string) => void this.deleted.push(path),
  } as unknown as Http;

  put = async (_: Http, path: string, bytes: Blob): Promise<Upload> => {
    this.answer();
    const offset = Number(path.split("=")[1]);
    if (offset !== this.bytes) throw new HttpError(409, "upload-offset", "elsewhere", { offset: this.bytes });
    this.got.push(offset);
    this.bytes += bytes.size;
    if (this.swallow-- > 0) throw new TypeError("the answer was lost");
    return this.upload();
  };

  private answer(): void {
    if (this.away) throw new TypeError("nobody answers");
    if (this.refuse) throw this.refuse;
  }

  private upload(): Upload {
    const whole = this.bytes >= SIZE;
    const attachment = whole ? ({ id: "a", name: "film.bin", bytes: SIZE } as Attachment) : null;
    return {
      id: "u",
      bytes: SIZE,
      offset: this.bytes,
      least_part_bytes: LEAST,
      most_part_bytes: MOST,
      attachment,
    };
  }
}

const SIZE = 50;
const film = () => new File([new Uint8Array(SIZE)], "film.bin");

let server: Server;
let items: Sending[];
let uploads: Uploads;

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  uploads = new Uploads({
    door: { http: server.http, begin: "/uploads", uploads: "/uploads" },
    changed: (now) => (items = now),
    put: server.put,
    random: () => 0,
  });
});

afterEach(() => vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(30_000);

describe("an upload", () => {
  test("goes in parts that grow while they are quick", async () => {
    uploads.add([film()]);
    await settle();
    expect(server.got).toEqual([0, 8, 24, 40]);
    expect(items[0]).toMatchObject({ state: "done", sent: SIZE, attachment: { id: "a" } });
    expect(uploads.busy).toBe(false);
  });

  test("waits for the server and goes on where it was", async () => {
    server.swallow = 1;
    uploads.add([film()]);
    await vi.advanceTimersByTimeAsync(1);
    server.away = true;
    expect(items[0]?.state).toBe("waiting");
    await vi.advanceTimersByTimeAsync(600_000);
    expect(items[0]?.state).toBe("waiting");
    server.away = false;
    await settle();
    expect(server.got).toEqual([0, 8, 16, 32, 48]);
    expect(server.begun).toBe(1);
    expect(items[0]?.state).toBe("done");
  });

  test("fails with the server's reason, and begins anew when tried again", async () => {
    server.refuse = new HttpError(413, "file-too-large", "too large");
    uploads.add([film()]);
    await settle();
    expect(items[0]).toMatchObject({ state: "failed", problem: { code: "file-too-large" } });
    server.refuse = null;
    uploads.retry(items[0]?.id ?? "");
    await settle();
    expect(items[0]?.state).toBe("done");
  });

  test("asks a person when the server answers and yet nothing arrives", async () => {
    server.swallow = Infinity;
    const unreadable = vi.fn(async () => Promise.reject(new TypeError("cannot be read")));
    uploads = new Uploads({
      door: { http: server.http, begin: "/uploads", uploads: "/uploads" },
      changed: (now) => (items = now),
      put: unreadable,
      random: () => 0,
    });
    uploads.add([film()]);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(items[0]).toMatchObject({ state: "failed", problem: { code: "upload-cut" } });
  });

  test("that is cancelled is forgotten here and there", async () => {
    server.away = true;
    uploads.add([film(), film()]);
    await vi.advanceTimersByTimeAsync(1);
    expect(items.map(({ state }) => state)).toEqual(["waiting", "queued"]);
    uploads.cancel(items[0]?.id ?? "");
    server.away = false;
    await settle();
    expect(items.map(({ state }) => state)).toEqual(["done"]);
    uploads.cancel(items[0]?.id ?? "");
    expect(server.deleted).toEqual(["/uploads/u"]);
    expect(items).toEqual([]);
  });
});

test("a message takes what is whole, and gives it back", async () => {
  uploads.add([film()]);
  await settle();
  const taken = uploads.take(10);
  expect(taken).toMatchObject([{ id: "a" }]);
  expect(items).toEqual([]);
  uploads.putBack(taken);
  expect(items).toMatchObject([{ state: "done", name: "film.bin", file: null }]);
  expect(uploads.take(0)).toEqual([]);
  expect(uploads.take(1)).toEqual(taken);
});
