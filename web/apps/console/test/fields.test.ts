import { describe, expect, it } from "vitest";
import { moved, optionValue } from "../src/features/fields/order";
import { freshColour, named } from "../src/features/labels/palette";

const field = (id: string, archived = false) => ({
  id,
  archived_at: archived ? "2026-01-01T00:00:00Z" : null,
});
const label = (id: string, name: string, colour: "red" | "orange") => ({ id, name, colour });

describe("the order of fields", () => {
  const all = [field("a"), field("old", true), field("b"), field("c")];

  it("changes places with the neighbour that is shown", () => {
    expect(moved(all, "b", -1)).toEqual(["b", "old", "a", "c"]);
    expect(moved(all, "b", 1)).toEqual(["a", "old", "c", "b"]);
  });

  it("stays at the ends", () => {
    expect(moved(all, "a", -1)).toEqual(["a", "old", "b", "c"]);
    expect(moved(all, "c", 1)).toEqual(["a", "old", "b", "c"]);
  });
});

describe("an option's value", () => {
  it("is made of its label", () => {
    expect(optionValue("Größe XL / lang", [])).toBe("grosse_xl_lang");
    expect(optionValue("番号", [])).toBe("option");
  });

  it("is another than those there are", () => {
    expect(optionValue("Gold", ["gold", "gold_2"])).toBe("gold_3");
  });
});

describe("labels", () => {
  const known = new Map([label("1", "b", "red"), label("2", "a", "orange")].map((one) => [one.id, one]));

  it("are shown by name, without those that are gone", () => {
    expect(named(["1", "gone", "2"], known).map((one) => one.name)).toEqual(["a", "b"]);
  });

  it("get a colour that few have", () => {
    expect(freshColour(known.values())).toBe("yellow");
    expect(freshColour([])).toBe("red");
  });
});
