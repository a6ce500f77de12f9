const PATHS: Record<string, string> = {
  image: "M4 5h16v14H4ZM4 16l4.5-4.5 4 4 3-3L20 17M15 9.5v.01",
  video: "M3 6h12v12H3ZM15 10.5l6-3.5v10l-6-3.5",
  audio:
    "M9 18V6l10-2v11M9 18a2.5 2.5 0 1 1-2.5-2.5A2.5 2.5 0 0 1 9 18ZM19 15a2.5 2.5 0 1 1-2.5-2.5A2.5 2.5 0 0 1 19 15Z",
};
const PAGE = "M6 3h8l4 4v14H6ZM14 3v4h4";

export const DOWNLOAD = "M12 4v11M7 11l5 5 5-5M5 20h14";

/** For a media type, or the kind of an attachment. */
export function iconOf(type: string): string {
  return PATHS[type.split("/")[0] ?? ""] ?? PAGE;
}
