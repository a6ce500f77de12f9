import type { Mention, Named } from "@alongside/contract";

/** Somebody whom a note can name. */
export interface Namable extends Named {
  name: string;
}

/** An `@` in a note, and what was typed behind it up to the caret. */
export interface Asked {
  start: number;
  query: string;
}

const LONGEST = 40;
const WORD = /[\p{L}\p{N}_]/u;

/** The `@` at the beginning of the text or after white space; names may hold one space. */
export function mentionAt(text: string, caret: number): Asked | null {
  const start = text.lastIndexOf("@", caret - 1);
  if (start < 0 || caret <= start) return null;
  const query = text.slice(start + 1, caret);
  const begins = start === 0 || /\s/.test(text[start - 1] ?? "");
  return begins && query.length <= LONGEST && /^\S*( \S*)?$/.test(query) ? { start, query } : null;
}

/** Those whose name, or a word of it, begins with what was typed. */
export function found<One extends Namable>(people: readonly One[], query: string): One[] {
  const typed = query.toLocaleLowerCase();
  return people.filter(({ name }) => {
    const low = name.toLocaleLowerCase();
    return low.startsWith(typed) || low.split(/\s+/).some((word) => word.startsWith(typed));
  });
}

/** Where in a text somebody is named, first to last; of names that begin alike the longest. */
function placesOf<One extends Namable>(text: string, people: readonly One[]): { at: number; one: One }[] {
  const longest = [...people].sort((a, b) => b.name.length - a.name.length);
  const places: { at: number; one: One }[] = [];
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    if (WORD.test(text[at - 1] ?? "")) continue;
    const one = longest.find(({ name }) => {
      const end = at + 1 + name.length;
      return name !== "" && text.slice(at + 1, end) === name && !WORD.test(text[end] ?? "");
    });
    if (one) places.push({ at, one });
  }
  return places;
}

/** Whom a note names, each once. */
export function named(text: string, people: readonly Namable[]): Named[] {
  const ones = new Set(placesOf(text, people).map(({ one }) => one));
  return [...ones].map(({ agent_id, team_id }) => ({ agent_id: agent_id ?? null, team_id: team_id ?? null }));
}

export type Piece = string | Mention;

/** A note's text, with whom it names in the places where they stand. */
export function mentionPieces(text: string, mentions: readonly Mention[]): Piece[] {
  const drawn: Piece[] = [];
  let done = 0;
  for (const { at, one } of placesOf(text, mentions)) {
    if (at > done) drawn.push(text.slice(done, at));
    drawn.push(one);
    done = at + 1 + one.name.length;
  }
  return done < text.length ? [...drawn, text.slice(done)] : drawn;
}
