/**
 * Patterns as the server reads them: RE2, which takes time in proportion to the text, whatever was written. It is by
 * far the largest part of the language, so whoever has no pattern does not load it.
 */
import { RE2JS } from "re2js";
import type { Search } from "./language";

const read = new Map<string, RE2JS | null>();

/** Found anywhere in the text, whatever the case of letters. */
export const search: Search = (pattern, text) => {
  let compiled = read.get(pattern);
  if (compiled === undefined) read.set(pattern, (compiled = compile(pattern)));
  return compiled ? compiled.matcher(text).find() : null;
};

function compile(pattern: string): RE2JS | null {
  try {
    return RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
  } catch {
    return null;
  }
}
