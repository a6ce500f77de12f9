import { describe, expect, it } from "vitest";
import { csvOf, textOf, TooLarge } from "../src/features/agents/csv";
import { momentOf } from "../src/features/audit/moment";

const file = (...bytes: number[]) => new Blob([new Uint8Array(bytes)]);

describe("a file's text", () => {
  it("is read as UTF-8, and what is none as an old spreadsheet saved it", async () => {
    expect(await textOf(file(0x4d, 0xc3, 0xbc))).toBe("Mü");
    expect(await textOf(file(0x4d, 0xfc))).toBe("Mü");
    expect(await textOf(file(0xef, 0xbb, 0xbf, 0x61))).toBe("a");
  });

  it("is not read where the file is far too large", async () => {
    await expect(textOf(new Blob([new Uint8Array(900_001)]))).rejects.toBeInstanceOf(TooLarge);
  });
});

describe("our own file", () => {
  it("quotes what needs it", () => {
    expect(csvOf([["a", 'b "c"', "d, e", "f\ng"]])).toBe('\ufeffa,"b ""c""","d, e","f\ng"\r\n');
  });

  it.each(["=1+1", "+a@b.test", "-a", "@a", " =1", "\t=1", "＝1", "|cmd"])("has no formula: %s", (text) => {
    expect(
      csvOf([[text]])
        .replace(/^\ufeff"?/, "")
        .startsWith("'"),
    ).toBe(true);
  });

  it("leaves other texts alone", () => {
    expect(csvOf([["eva@shop.test", "it's", "1-2"]])).toBe("\ufeffeva@shop.test,it's,1-2\r\n");
  });
});

describe("a chosen day", () => {
  it("begins and ends at midnight where the reader is", () => {
    expect(momentOf("2026-03-01")).toBe(new Date(2026, 2, 1).toISOString());
    expect(momentOf("2026-12-31", 1)).toBe(new Date(2027, 0, 1).toISOString());
  });

  it("is none while it is not chosen", () => {
    expect(momentOf("")).toBe(null);
    expect(momentOf("2026-03")).toBe(null);
  });
});
