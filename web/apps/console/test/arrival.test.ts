import { expect, test } from "vitest";
import { arrivalOf } from "../src/features/signin/arrival";

test("a step that is missing, or why not", () => {
  expect(arrivalOf("?step=code")).toEqual({ step: "code", refused: null });
  expect(arrivalOf("?refused=provider-domain")).toEqual({ step: null, refused: "provider-domain" });
});

test("anything else in the address means nothing", () => {
  expect(arrivalOf("")).toEqual({ step: null, refused: null });
  expect(arrivalOf("?step=admin&folder=all")).toEqual({ step: null, refused: null });
});
