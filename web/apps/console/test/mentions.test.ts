import { describe, expect, it } from "vitest";
import { found, mentionAt, mentionPieces, named } from "../src/features/messages/mentions";

const ben = { agent_id: "ben", team_id: null, name: "Ben" };
const benedict = { agent_id: "benedict", team_id: null, name: "Ben Edict" };
const returns = { agent_id: null, team_id: "returns", name: "Returns" };
const all = [ben, benedict, returns];

describe("whom a note names", () => {
  it("is asked for behind an @ that begins a word, with one space at most", () => {
    expect(mentionAt("@", 1)).toEqual({ start: 0, query: "" });
    expect(mentionAt("ask @Ben Ed", 11)).toEqual({ start: 4, query: "Ben Ed" });
    expect(mentionAt("write to ada@shop.test", 22)).toBeNull();
    expect(mentionAt("@Ben and then", 13)).toBeNull();
    expect(mentionAt("no at", 5)).toBeNull();
  });

  it("is found by the beginning of any word of a name", () => {
    expect(found(all, "ed")).toEqual([benedict]);
    expect(found(all, "BEN")).toEqual([ben, benedict]);
    expect(found(all, "")).toEqual(all);
  });

  it("is who stands in the text, of names that begin alike the longest, and each once", () => {
    expect(named("@Ben Edict, @Returns: @Ben Edict knows", all)).toEqual([
      { agent_id: "benedict", team_id: null },
      { agent_id: null, team_id: "returns" },
    ]);
    expect(named("@Benjamin and mail@Ben", all)).toEqual([]);
  });

  it("is drawn where it stands, and everything else is text", () => {
    expect(mentionPieces("<b>@Ben</b>, look", [ben])).toEqual(["<b>", ben, "</b>, look"]);
    expect(mentionPieces("@Ben", [])).toEqual(["@Ben"]);
    expect(mentionPieces("", [ben])).toEqual([]);
  });
});
