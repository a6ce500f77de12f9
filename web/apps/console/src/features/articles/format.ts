/** What the editor's buttons do to Markdown. Pure: a text and a selection in, a replacement out. */

export interface Selection {
  text: string;
  start: number;
  end: number;
}

/** Put `text` in place of what lies between `from` and `to`, then select `start` to `end`. */
export interface Change {
  from: number;
  to: number;
  text: string;
  start: number;
  end: number;
}

export type Mark = "**" | "_" | "~~" | "`";
export type LineMark = "heading" | "subheading" | "bullets" | "numbers" | "quote";

const LINE: Record<LineMark, { pattern: RegExp; prefix: (at: number) => string }> = {
  heading: { pattern: /^#{1,6} +/, prefix: () => "## " },
  subheading: { pattern: /^#{1,6} +/, prefix: () => "### " },
  bullets: { pattern: /^[-*+] +/, prefix: () => "- " },
  numbers: { pattern: /^\d+[.)] +/, prefix: (at) => `${at + 1}. ` },
  quote: { pattern: /^> ?/, prefix: () => "> " },
};
const LINE_MARK = /^\s*(?:[-*+]|\d+[.)]|>|#{1,6}) +/;
const ANY_LIST = /^(?:[-*+]|\d+[.)]) +/;

/** Bold, italic and the like around the selection, or off again where they are there already. */
export function wrap({ text, start, end }: Selection, mark: Mark, sample: string): Change {
  const size = mark.length;
  const outside = text.slice(start - size, start) === mark && text.slice(end, end + size) === mark;
  if (outside) {
    const inner = text.slice(start, end);
    return { from: start - size, to: end + size, text: inner, start: start - size, end: end - size };
  }
  const chosen = text.slice(start, end);
  // Blanks at the ends belong outside, "** word **" is not bold; and so does what makes the line a list or a heading.
  const marker = start === 0 || text[start - 1] === "\n" ? (LINE_MARK.exec(chosen)?.[0] ?? "") : "";
  const words = chosen.slice(marker.length).trim();
  const lead = words ? marker + (/^\s*/.exec(chosen.slice(marker.length))?.[0] ?? "") : marker;
  const tail = words ? (/\s*$/.exec(chosen)?.[0] ?? "") : "";
  const from = start + lead.length + size;
  return {
    from: start,
    to: end,
    text: `${lead}${mark}${words || sample}${mark}${tail}`,
    start: from,
    end: from + (words || sample).length,
  };
}

function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
}

/** Headings, lists and quotes on each line of the selection, or off again where every line has them. */
export function lines(selection: Selection, kind: LineMark): Change {
  const { text, start, end } = selection;
  const from = lineStart(text, start);
  const stop = text.indexOf("\n", end > start && text[end - 1] === "\n" ? end - 1 : end);
  const to = stop < 0 ? text.length : stop;
  const { pattern, prefix } = LINE[kind];
  const all = text.slice(from, to).split("\n");
  const full = all.filter((line) => line.trim() !== "");
  const level = prefix(0);
  const heading = kind === "heading" || kind === "subheading";
  const on = full.length > 0 && full.every((line) => (heading ? line.startsWith(level) : pattern.test(line)));
  let at = 0;
  const changed = all.map((line) => {
    if (line.trim() === "" && all.length > 1) return line;
    const bare = line.replace(heading || kind === "quote" ? pattern : ANY_LIST, "");
    return on ? bare : prefix(at++) + bare;
  });
  const result = changed.join("\n");
  return {
    from,
    to,
    text: result,
    start: start === end ? from + result.length : from,
    end: from + result.length,
  };
}

/** The selected words as a link to `href`; the words themselves where nothing is selected. */
export function link({ text, start, end }: Selection, href: string, sample: string): Change {
  const words = text.slice(start, end).replace(/[[\]]/g, "\\$&") || sample;
  const address = /[\s()<>]/.test(href) ? `<${href.replace(/[<>]/g, encodeURIComponent)}>` : href;
  return {
    from: start,
    to: end,
    text: `[${words}](${address})`,
    start: start + 1,
    end: start + 1 + words.length,
  };
}

/** A picture on a line of its own. */
export function picture({ text, start, end }: Selection, url: string, sample: string): Change {
  const words =
    text
      .slice(start, end)
      .replace(/[[\]\n]/g, " ")
      .trim() || sample;
  const before = start > 0 && text[start - 1] !== "\n" ? "\n\n" : "";
  const after = text[end] !== undefined && text[end] !== "\n" ? "\n\n" : "";
  const at = start + before.length + 2;
  return {
    from: start,
    to: end,
    text: `${before}![${words}](${url})${after}`,
    start: at,
    end: at + words.length,
  };
}

/** Enter inside a list or quote goes on with it, and ends it on an empty item. Null where Enter is only Enter. */
export function enter({ text, start, end }: Selection): Change | null {
  if (start !== end) return null;
  const from = lineStart(text, start);
  const line = text.slice(from, start);
  const found = /^(\s*)([-*+]|(\d+)([.)])|>) +/.exec(line);
  if (!found) return null;
  if (line.trim() === found[0].trim()) return { from, to: start, text: "", start: from, end: from };
  const next = found[3] ? `${Number(found[3]) + 1}${found[4]}` : found[2];
  const added = `\n${found[1]}${next} `;
  return { from: start, to: end, text: added, start: start + added.length, end: start + added.length };
}
