import { describe, expect, it } from "vitest";
import type { ChannelSettings } from "@alongside/contract";
import {
  editOf,
  fallback,
  merged,
  missing,
  same,
  valuesOf,
  writtenIn,
  type Values,
} from "../src/features/channels/look/values";
import { lost, placeOf, PLACES, shipped } from "../src/features/channels/look/words";

const look = {
  header: null,
  subtitle: {},
  label: {},
  placeholder: {},
  languages: [],
  default_language: "en",
  words: {},
  start: [],
  css: "",
};
const settings = {
  accent: "#1d5fd1",
  position: "right",
  title: { en: "Chat", de: "Chat" },
  greeting: { en: "Hello", de: "Hallo" },
  away: { en: "Nobody here", de: "Niemand da" },
  privacy_url: null,
  sound: true,
  look,
} as unknown as ChannelSettings;

const values = (part: Partial<Values> = {}): Values => ({ ...valuesOf(settings), ...part });

describe("two people at one form", () => {
  it("what only the other changed comes along, what only I changed stays", () => {
    const { values: now, both } = merged(values(), values({ accent: "#000000" }), values({ css: "a{}" }));
    expect([now.accent, now.css, both]).toEqual(["#000000", "a{}", []]);
  });

  it("what both changed stays mine and is named", () => {
    const { values: now, both } = merged(values(), values({ css: "mine" }), values({ css: "theirs" }));
    expect([now.css, both]).toEqual(["mine", ["css"]]);
  });

  it("the same change by both is none to ask about", () => {
    expect(merged(values(), values({ css: "x" }), values({ css: "x" })).both).toEqual([]);
  });
});

describe("a change", () => {
  it("goes where the server has the field", () => {
    expect(editOf(values({ accent: "#000000", css: "x" }), ["accent", "css"])).toEqual({
      accent: "#000000",
      look: { css: "x" },
    });
    expect(editOf(values(), [])).toEqual({});
  });

  it.each([
    [{ en: "a", de: "" }, { en: "a" }, true],
    [{ de: "b", en: "a" }, { en: "a", de: "b" }, true],
    [null, "", true],
    [{ de: { x: "" } }, {}, true],
    [[{ kind: "write" }, { kind: "help" }], [{ kind: "help" }, { kind: "write" }], false],
    [20, 21, false],
  ])("%j and %j: the same is %s", (one, other, expected) => expect(same(one, other)).toBe(expected));
});

describe("texts in languages", () => {
  const offered = values({
    languages: ["en", "fr"],
    default_language: "fr",
    greeting: { fr: "Salut", en: "Hello" },
  });

  it("are written in those offered, else in ours and those there are", () => {
    expect(writtenIn(offered, ["en", "de"])).toEqual(["en", "fr"]);
    expect(writtenIn(values({ subtitle: { it: "Ciao" } }), ["en", "de"])).toEqual(["en", "de", "it"]);
  });

  it("fall back to the default language, and say to which", () => {
    expect(fallback(offered, "greeting", "ar")).toEqual({ text: "Salut", from: "fr" });
    expect(fallback(offered, "title", "fr")).toEqual({ text: "Chat", from: "en" });
    expect(fallback(values(), "subtitle", "de")).toBeNull();
  });

  it("are missing where another language has them", () => {
    expect(missing(offered, "fr")).toEqual(["title", "away"]);
    expect(missing(values(), "de")).toEqual([]);
  });
});

describe("the widget's own words", () => {
  it("are those that it ships", async () => {
    const [english, german] = [await shipped("en"), await shipped("de")];
    expect(english?.["loader.open"]).toBe("Open chat");
    expect(english?.["reason.empty-text"]).toBe("It is empty.");
    expect(Object.keys(german ?? {})).toEqual(Object.keys(english ?? {}));
    const places = Object.keys(english ?? {}).map(placeOf);
    expect([...new Set(places)], "in the order in which they are met").toEqual(PLACES);
    expect(english?.["help.found.one"]).toBe("1 article found");
    expect(english?.["files.reason.file-empty"]).toBe("This file is empty.");
    expect(await shipped("fi")).toBeNull();
  });

  it("keep what is filled in", () => {
    expect(lost("{name} is typing…", "tippt")).toEqual(["{name}"]);
    expect(lost("{name} is typing…", "{name} tippt")).toEqual([]);
    expect(lost("{name} is typing…", "")).toEqual([]);
  });
});
