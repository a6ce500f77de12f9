/** A `#` that asks for text blocks: where it stands, and what was typed behind it up to the caret. */
export interface Trigger {
  start: number;
  query: string;
}

const LONGEST = 40;

/** The `#` at the beginning of the text or after white space whose word the caret stands in. */
export function triggerAt(text: string, caret: number): Trigger | null {
  const start = text.lastIndexOf("#", caret - 1);
  if (start < 0 || caret <= start) return null;
  const query = text.slice(start + 1, caret);
  const begins = start === 0 || /\s/.test(text[start - 1] ?? "");
  return begins && query.length <= LONGEST && !/\s/.test(query) ? { start, query } : null;
}

/** "#1" or "#20418" is more often a number than a wish: nothing is chosen beforehand. */
export function isNumber(query: string): boolean {
  return /^\d+$/.test(query);
}

/** The text to put between two others, with spaces where it would stick to them; after it comes one in any case. */
export function spaced(before: string, inserted: string, after: string): string {
  const lead = before === "" || /\s$/.test(before) ? "" : " ";
  const tail = /^\s/.test(after) ? "" : " ";
  return lead + inserted + tail;
}

/** Whether a line of what was inserted is still in the message: people shorten and mend what they insert. */
export function stillIn(message: string, inserted: string): boolean {
  const lines = inserted.split("\n").map((line) => line.trim());
  return lines.some((line) => line !== "" && message.includes(line));
}
