/** CSV files as people have them, and one of our own that no spreadsheet calculates. */

const MOST_BYTES = 900_000;

export class TooLarge extends Error {}

/** The text of a file. Old spreadsheets save Windows-1252; everything newer is UTF-8. Throws TooLarge. */
export async function textOf(file: Blob): Promise<string> {
  if (file.size > MOST_BYTES) throw new TooLarge();
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Rows as CSV. A cell that a spreadsheet would take for a formula gets an apostrophe. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return "\ufeff" + rows.map((row) => row.map(cell).join(",") + "\r\n").join("");
}

function cell(text: string): string {
  const safe = /^[\s']*[=+\-@|＝＋－＠｜]|^'*[\t\r\n\0]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
