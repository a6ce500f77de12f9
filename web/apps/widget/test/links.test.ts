import { describe, expect, test } from "vitest";
import { parts } from "../src/panel/links";

const links = (text: string) => parts(text).flatMap((part) => part.href ?? []);

describe("parts", () => {
  test.each([
    ["see https://a.example/b.", ["https://a.example/b"]],
    ["(https://a.example/x_(y))", ["https://a.example/x_(y)"]],
    [
      "https://a.example/?q=1&r=2#z, and http://b.example!",
      ["https://a.example/?q=1&r=2#z", "http://b.example/"],
    ],
    ["HTTPS://A.EXAMPLE/Q", ["https://a.example/Q"]],
    ["two\nhttps://a.example/1\nhttps://a.example/2", ["https://a.example/1", "https://a.example/2"]],
  ])("finds the links in %j", (text, expected) => expect(links(text)).toEqual(expected));

  test.each([
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "ftp://a.example",
    "file:///etc/passwd",
    "//a.example/x",
    "https://",
    "http:// a.example",
    "<a href='javascript:alert(1)'>x</a>",
    "blob:https://a.example/1".replace("https", "x"),
  ])("makes no link of %j", (text) => expect(links(text)).toEqual([]));

  test("an address ends where markup could begin", () => {
    expect(links(`https://a.example/"onmouseover="alert(1)`)).toEqual(["https://a.example/"]);
    expect(links("https://a.example/<img src=x onerror=alert(1)>")).toEqual(["https://a.example/"]);
  });

  test("nothing of the text is lost or changed", () => {
    for (const text of [
      "",
      "plain",
      "https://a.example",
      "a https://a.example/b). c",
      "x https:// y https://b.example…",
    ]) {
      expect(
        parts(text)
          .map((part) => part.text)
          .join(""),
      ).toBe(text);
    }
  });

  test("a long text of almost-links is cut in linear time", () => {
    const text = "https://a.example/" + ")".repeat(10_000) + " http://".repeat(1_000);
    const begin = performance.now();
    parts(text);
    expect(performance.now() - begin).toBeLessThan(1_000);
  });
});
