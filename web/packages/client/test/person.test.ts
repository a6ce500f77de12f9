import { expect, test } from "vitest";
import { personOf, sameSubject } from "../src/visitor-session";

const jwt = (claims: object) => `x.${btoa(JSON.stringify(claims))}.y`;
const person = (claims: object) => personOf(jwt(claims));

test("times do not make another person, other words of the same person do not either", () => {
  expect(person({ sub: "1", exp: 5 })).toBe(person({ sub: "1", exp: 9 }));
  expect(person({ sub: "1", fields: { plan: "gold" } })).not.toBe(person({ sub: "1" }));
  expect(sameSubject(person({ sub: "1", fields: { plan: "gold" } }), person({ sub: "1" }))).toBe(true);
  expect(sameSubject(person({ sub: "1" }), person({ sub: "2" }))).toBe(false);
});

test("what is no token speaks of nobody else", () => {
  expect(sameSubject(personOf("nonsense"), personOf("nonsense"))).toBe(true);
  expect(sameSubject(personOf("nonsense"), person({ sub: "1" }))).toBe(false);
});
