import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contrast, standingOut, textOn } from "../src/contrast";
import { hue, initials } from "../src/initials";

const css = readFileSync(new URL("../src/tokens.css", import.meta.url), "utf8");

function tokens(from: string): Map<string, string> {
  const block = css.slice(css.indexOf(from), css.indexOf("}", css.indexOf(from)));
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? "", match[2] ?? ""]),
  );
}

const READ: [text: string, ground: string][] = [
  ...["canvas", "surface", "surface-sunken", "surface-hover", "surface-selected", "theirs"].flatMap(
    (ground): [string, string][] => [
      ["text", ground],
      ["text-muted", ground],
    ],
  ),
  ["text-on-accent", "accent"],
  ["text-on-accent", "accent-hover"],
  ["text-on-accent", "good-solid"],
  ["accent-text", "surface"],
  ["accent-text", "surface-selected"],
  ["ours-text", "ours"],
  ["note-text", "note"],
  ["warn-text", "warn-soft"],
  ["bad", "bad-soft"],
  ["bad", "surface"],
  ["good", "surface"],
  ["good", "good-soft"],
  ["handover", "surface"],
  ["handover", "handover-soft"],
  ["handover", "surface-selected"],
];

describe.each([
  ["light", tokens(":root {")],
  ["dark", tokens(':root[data-theme="dark"]')],
])("the %s theme", (_name, theme) => {
  it.each(READ)("lets %s be read on %s", (text, ground) => {
    expect(contrast(theme.get(text) ?? "", theme.get(ground) ?? "")).toBeGreaterThanOrEqual(4.5);
  });

  it("draws the edge of controls so that it is seen", () => {
    expect(contrast(theme.get("line-strong") ?? "", theme.get("surface") ?? "")).toBeGreaterThanOrEqual(3);
  });
});

describe("contrast", () => {
  it("is what WCAG says", () => {
    expect(contrast("#000000", "#ffffff")).toBe(21);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
    expect(contrast("red", "#ffffff")).toBeNaN();
  });

  it.each(["#ffffff", "#17181b"])("is mended on %s, and no more than needed", (ground) => {
    for (const colour of ["#ffcc00", "#0a0a40", "#808080", ground]) {
      const mended = standingOut(colour, ground, 3);
      expect(contrast(mended, ground)).toBeGreaterThanOrEqual(3);
      if (contrast(colour, ground) >= 3) expect(mended).toBe(colour);
      else expect(contrast(mended, ground)).toBeLessThan(3.4);
    }
  });

  it("of text is enough on any colour", () => {
    for (let part = 0; part < 256; part += 5) {
      const grey = `#${part.toString(16).padStart(2, "0").repeat(3)}`;
      expect(contrast(grey, textOn(grey))).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe("initials", () => {
  it("take the first and the last word, whatever the script", () => {
    expect(initials("Ada Maria Lovelace")).toBe("AL");
    expect(initials("  élodie ")).toBe("É");
    expect(initials("Visitor 1042")).toBe("42");
    expect(initials("Visitor 7")).toBe("7");
    expect(initials("李 小龍")).toBe("李小");
    expect(initials("👩‍🚀 (Ada)")).toBe("👩A");
    expect(initials("")).toBe("");
  });

  it("keep their colour", () => {
    expect(hue("a")).toBe(hue("a"));
    expect(new Set(Array.from({ length: 200 }, (_, at) => hue(`agent-${at}`))).size).toBe(8);
  });
});
