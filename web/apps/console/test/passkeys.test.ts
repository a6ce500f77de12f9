import { describe, expect, it } from "vitest";
import { toBytes, toText } from "../src/features/signin/passkeys";

describe("base64url", () => {
  it("goes there and back, whatever the bytes", () => {
    for (const bytes of [
      [],
      [0],
      [255, 254],
      [62, 63, 64, 250, 251],
      Array.from({ length: 256 }, (_, n) => n),
    ]) {
      const text = toText(Uint8Array.from(bytes).buffer);
      expect(text).toMatch(/^[A-Za-z0-9_-]*$/);
      expect([...toBytes(text)]).toEqual(bytes);
    }
  });

  it("is what the server writes", () => {
    expect(toText(Uint8Array.from([251, 239, 255]).buffer)).toBe("--__");
    expect([...toBytes("--__")]).toEqual([251, 239, 255]);
  });
});
