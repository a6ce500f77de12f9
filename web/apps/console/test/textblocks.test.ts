import { describe, expect, it } from "vitest";
import { isNumber, spaced, stillIn, triggerAt } from "../src/features/textblocks/trigger";
import { asksFor, exists, fillIn, remarks, type Known } from "../src/features/textblocks/variables";

const values = new Map<string, string | null>([
  ["contact.name", "Vera"],
  ["contact.email", null],
  ["company", " Green Shop "],
]);
const known: Known = (name) => (name.startsWith("field.") ? null : values.get(name));

describe("filling in variables", () => {
  it("takes the value, else the fallback, else nothing", () => {
    expect(fillIn("Hello {{contact.name|there}}!", known)).toBe("Hello Vera!");
    expect(fillIn("To {{contact.email|your address}}.", known)).toBe("To your address.");
    expect(fillIn("To {{contact.email}}.", known)).toBe("To .");
    expect(fillIn("Size {{field.size|unknown}}", known)).toBe("Size unknown");
  });

  it("does not mind white space, and keeps several apart", () => {
    expect(fillIn("{{ contact.name }}, {{contact.email | friend }} of {{company}}", known)).toBe(
      "Vera, friend of Green Shop",
    );
  });

  it("leaves what means nothing as it stands", () => {
    for (const text of [
      "{{contct.name|x}}",
      "{{}}",
      "{{constructor}}",
      "{ contact.name }",
      "{{contact.name",
      "}}",
    ])
      expect(fillIn(text, known)).toBe(text);
  });

  it("fills nothing in again: a name may look like a variable", () => {
    const sly: Known = (name) => (name === "contact.name" ? "{{company|x}} $& $1" : "secret");
    expect(fillIn("Hi {{contact.name}}", sly)).toBe("Hi {{company|x}} $& $1");
  });

  it("tells the editor of unknown names and missing fallbacks, once each", () => {
    const text =
      "{{contct.name}} {{contct.name|x}} {{contact.name}} {{contact.name|you}} {{agent.name}} {{field.a}}";
    expect(remarks(text)).toEqual({
      unknown: ["contct.name"],
      withoutFallback: ["contact.name", "field.a"],
    });
    expect(remarks("No variable")).toEqual({ unknown: [], withoutFallback: [] });
  });

  it("knows which names there are", () => {
    expect(["contact.name", "field.shoe_size", "field.a.b"].every(exists)).toBe(true);
    expect(["contact", "field.", "field.a b", "constructor"].some(exists)).toBe(false);
    expect(asksFor("{{ contact.email | x }}", "contact.email", "field.")).toBe(true);
    expect(asksFor("contact.email", "contact.email")).toBe(false);
  });
});

describe("the # that asks for text blocks", () => {
  it("stands at the beginning or after white space", () => {
    expect(triggerAt("#", 1)).toEqual({ start: 0, query: "" });
    expect(triggerAt("Hello #ret", 10)).toEqual({ start: 6, query: "ret" });
    expect(triggerAt("Hello\n#ret", 10)).toEqual({ start: 6, query: "ret" });
    expect(triggerAt("C# is", 2)).toBeNull();
    expect(triggerAt("https://a.test/#top", 19)).toBeNull();
    expect(triggerAt("##", 2)).toBeNull();
  });

  it("ends with its word, and with the caret", () => {
    expect(triggerAt("#ret now", 8)).toBeNull();
    expect(triggerAt("#return", 4)).toEqual({ start: 0, query: "ret" });
    expect(triggerAt("#return", 0)).toBeNull();
    expect(triggerAt("", 0)).toBeNull();
    expect(triggerAt(`#${"x".repeat(41)}`, 42)).toBeNull();
  });

  it("is more often a number than a wish where only digits follow", () => {
    expect(["1", "20418"].every(isNumber)).toBe(true);
    expect(["", "1st", "a1"].some(isNumber)).toBe(false);
  });
});

describe("putting a text block into a message", () => {
  it("sticks to nothing before or after it", () => {
    expect(spaced("", "Hello", "")).toBe("Hello ");
    expect(spaced("Hi ", "there", " you")).toBe("there");
    expect(spaced("Hi", "there", "you")).toBe(" there ");
    expect(spaced("Hi\n", "there", "\nyou")).toBe("there");
  });

  it("counts as long as a line of it is left", () => {
    expect(stillIn("Hi! Send it back.", "Send it back.\nThank you")).toBe(true);
    expect(stillIn("Hi! Thank you", "Send it back.\nThank you")).toBe(true);
    expect(stillIn("Something else", "Send it back.\n\nThank you")).toBe(false);
  });
});
