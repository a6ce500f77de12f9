import type { Attachment, AttachmentKind } from "@alongside/contract";

const API = "/api/v1/attachments";

/** What a picker offers for each button; pictures that every browser can show, so that phones convert their own. */
export const ACCEPT: Record<AttachmentKind, string> = {
  image: "image/png,image/jpeg,image/webp,image/gif",
  video: "video/*",
  audio: "audio/*",
  file: "",
};

/** Is this what the button of a kind is for? Any file may go by the button for files. */
export function isOfKind({ type }: { type: string }, kind: AttachmentKind): boolean {
  if (kind === "image") return ACCEPT.image.split(",").includes(type);
  return kind === "file" || type.startsWith(`${kind}/`);
}

export const MOST_FILES = 10;

export function contentOf(file: Attachment): string {
  return `${API}/${file.id}/content`;
}

export function thumbnailOf(file: Attachment): string {
  return `${API}/${file.id}/thumbnail`;
}

export function downloadOf(file: Attachment): string {
  return `${contentOf(file)}?download`;
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** "1.4 MB" in the reader's words. */
export function sizeWords(bytes: number, region: string): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** step;
  const unit = UNITS[step] ?? "byte";
  const digits = step > 0 && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(region, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: digits,
  }).format(value);
}

/** The files that a paste or a drop brings; none for text. */
export function filesIn(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])];
}

export interface Box {
  width: number;
  height: number;
}

/** How large a picture is drawn: never larger than it is, so that nothing jumps when it arrives. */
export function fit(file: { width?: number | null; height?: number | null }, most: Box): Box {
  const [width, height] = [file.width ?? most.width, file.height ?? most.height];
  const scale = Math.min(1, most.width / width, most.height / height);
  return { width: Math.max(48, Math.round(width * scale)), height: Math.max(48, Math.round(height * scale)) };
}
