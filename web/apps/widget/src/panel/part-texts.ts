import { choose } from "../shared/language";
import type { Words } from "./texts";

interface Texts {
  [name: string]: string | Texts;
}
type Own = Readonly<Record<string, string>>;

/**
 * The words of a part that comes later: in the reader's language as we ship them, and the company's own in their place,
 * which go by `part.name`.
 */
export function textsOf<Catalogue extends object>(
  part: string,
  shipped: Record<string, Catalogue>,
  { language, wanted, own }: Pick<Words, "language" | "wanted" | "own">,
): Catalogue {
  const ours = shipped[choose([language, ...wanted], Object.keys(shipped))] ?? shipped["en"];
  return instead(part, ours as Texts, own) as Catalogue;
}

function instead(path: string, texts: Texts, own: Own): Texts {
  const said = (name: string, text: string | Texts) =>
    typeof text === "string" ? (own[`${path}.${name}`] ?? text) : instead(`${path}.${name}`, text, own);
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, said(name, text)]));
}
