import { describe, expect, it } from "vitest";
import { pieces } from "../src/features/messages/links";

const links = (text: string) => pieces(text).flatMap((piece) => (piece.href ? [piece.href] : []));

describe("links in what visitors write", () => {
  it("are found, and the text stays whole", () => {
    const text = "See https://example.com/a?b=c#d, or (www.example.org). Mail: ada@example.com!";
    expect(links(text)).toEqual([
      "https://example.com/a?b=c#d",
      "https://www.example.org/",
      "mailto:ada@example.com",
    ]);
    expect(
      pieces(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });

  it("keep a bracket that belongs to them", () => {
    expect(links("(https://en.wikipedia.org/wiki/Fern_(plant))")).toEqual([
      "https://en.wikipedia.org/wiki/Fern_(plant)",
    ]);
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "JAVASCRIPT://%0aalert(1)",
  ])("are never made of %s", (text) => expect(links(text)).toEqual([]));

  it("do not hide another host behind a user name", () => {
    expect(links("https://bank.example@evil.example/")).toEqual([]);
  });

  it("show the host that a look-alike really names", () => {
    expect(links("https://аpple.com")).toEqual(["https://xn--pple-43d.com/"]); // the first letter is Cyrillic
  });

  it("stop at marks that turn the reading direction", () => {
    expect(links("https://example.com/\u202egnp.exe")).toEqual(["https://example.com/"]);
  });

  it("do not choke on long runs", () => {
    const text = "a".repeat(50_000) + "@".repeat(50_000);
    expect(
      pieces(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });
});
