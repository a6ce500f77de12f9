import { describe, expect, it } from "vitest";
import { filled, unknownIn } from "../src/features/systemmessages/filling";

// As tests/systemmessages/test_rendering.py says of the server.
describe("a system message as it is told", () => {
  const values = { name: "Vera", agent: "Ada", place: "2" };
  it.each([
    ["Hello {name}, {agent} comes.", "Hello Vera, Ada comes."],
    ["Number {place} of {minutes|some} minutes", "Number 2 of some minutes"],
    ["Hello {opens_at}, we open {opens_at}.", "Hello, we open."],
    ["{name|there} and {opens_at|soon}", "Vera and soon"],
    ["{ name } {name | friend}", "Vera Vera"],
    ["Braces {like this} and {} stay", "Braces {like this} and {} stay"],
    ["a\n{opens_at}\nb", "a\n\nb"],
  ])("%s", (text, said) => expect(filled(text, values)).toBe(said));

  it("names what does not exist", () => {
    expect(unknownIn("Hello {nmae|you} {name}")).toBe("nmae");
    expect(unknownIn("Hello {name}")).toBeNull();
  });
});
