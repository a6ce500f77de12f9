import { expect, test } from "vitest";
import { uuid7 } from "../src/uuid";

test("ids are UUIDv7, unique, and sort in the order they were made, even when the clock steps back", () => {
  const now = Date.now() + 60_000;
  const ids = Array.from({ length: 10_000 }, (_, i) =>
    uuid7(i % 100 === 0 ? now - 5_000 : now + Math.floor(i / 1000)),
  );
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});
