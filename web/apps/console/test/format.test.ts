import { describe, expect, it } from "vitest";
import {
  enter,
  lines,
  link,
  picture,
  wrap,
  type Change,
  type Selection,
} from "../src/features/articles/format";

/** A text in which | stands for the cursor, or [ and ] around what is selected. */
function at(marked: string): Selection {
  const start = marked.search(/[|⟦]/);
  const bare = marked.replace(/[|⟦]/, "");
  const end = bare.indexOf("⟧");
  return { text: bare.replace("⟧", ""), start, end: end < 0 ? start : end };
}

function after(selection: Selection, change: Change | null): string {
  if (!change) return selection.text;
  const { text } = selection;
  const whole = text.slice(0, change.from) + change.text + text.slice(change.to);
  const marks = change.start === change.end ? ["|", ""] : ["⟦", "⟧"];
  return (
    whole.slice(0, change.start) +
    marks[0] +
    whole.slice(change.start, change.end) +
    marks[1] +
    whole.slice(change.end)
  );
}

describe("bold and the like", () => {
  const bold = (marked: string) => after(at(marked), wrap(at(marked), "**", "bold"));

  it("go around the selection, and off again", () => {
    expect(bold("a ⟦b⟧ c")).toBe("a **⟦b⟧** c");
    expect(bold("a **⟦b⟧** c")).toBe("a ⟦b⟧ c");
  });

  it("leave blanks outside", () => {
    expect(bold("a⟦ b ⟧c")).toBe("a **⟦b⟧** c");
  });

  it("leave what makes the line a list outside", () => {
    expect(bold("- one\n⟦- two⟧")).toBe("- one\n- **⟦two⟧**");
  });

  it("put a word where nothing is selected", () => {
    expect(bold("a |")).toBe("a **⟦bold⟧**");
  });
});

describe("marks of whole lines", () => {
  const line = (marked: string, kind: Parameters<typeof lines>[1]) =>
    after(at(marked), lines(at(marked), kind));

  it("go before the line of the cursor, and off again", () => {
    expect(line("one\ntw|o", "heading")).toBe("one\n## two|");
    expect(line("one\n## tw|o", "heading")).toBe("one\ntwo|");
    expect(line("# on|e", "subheading")).toBe("### one|");
  });

  it("go before each line of the selection", () => {
    expect(line("⟦one\ntwo⟧\nthree", "bullets")).toBe("⟦- one\n- two⟧\nthree");
    expect(line("⟦- one\n- two⟧", "numbers")).toBe("⟦1. one\n2. two⟧");
    expect(line("⟦1. one\n\n2. two⟧", "numbers")).toBe("⟦one\n\ntwo⟧");
    expect(line("⟦one\ntwo\n⟧three", "quote")).toBe("⟦> one\n> two⟧\nthree");
  });

  it("begin an empty line", () => {
    expect(line("|", "bullets")).toBe("- |");
    expect(line("|\nbelow", "bullets")).toBe("- |\nbelow");
  });
});

describe("links and pictures", () => {
  it("take the selection as their words", () => {
    const selected = at("see ⟦here⟧.");
    expect(after(selected, link(selected, "https://example.com/a", "words"))).toBe(
      "see [⟦here⟧](https://example.com/a).",
    );
  });

  it("keep an address with brackets or blanks whole", () => {
    const nothing = at("|");
    expect(after(nothing, link(nothing, "https://example.com/a(b) c", "words"))).toBe(
      "[⟦words⟧](<https://example.com/a(b) c>)",
    );
  });

  it("stand on a line of their own", () => {
    const cursor = at("text|more");
    expect(after(cursor, picture(cursor, "/files/x", "what"))).toBe("text\n\n![⟦what⟧](/files/x)\n\nmore");
  });
});

describe("Enter", () => {
  const pressed = (marked: string) => after(at(marked), enter(at(marked)));

  it("goes on with a list", () => {
    expect(pressed("- one|")).toBe("- one\n- |");
    expect(pressed("  9. one|")).toBe("  9. one\n  10. |");
    expect(pressed("> one|")).toBe("> one\n> |");
  });

  it("ends it on an empty item", () => {
    expect(pressed("- one\n- |")).toBe("- one\n|");
  });

  it("is only Enter elsewhere", () => {
    expect(enter(at("plain|"))).toBeNull();
    expect(enter(at("⟦- one⟧"))).toBeNull();
  });
});
