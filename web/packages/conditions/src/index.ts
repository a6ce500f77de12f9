/**
 * Conditions in the browser: the same language as alongside/domains/conditions, held to it by
 * tests/conditions/vectors.json, which both read.
 */
export { evaluate, explain, hasPattern } from "./logic";
export { PLACES } from "./kinds";
export type { Condition, Search } from "./language";
