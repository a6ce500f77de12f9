/** A short message that leaves by itself, or stays while `action` is worth a press. */
export interface Toast {
  id: number;
  text: string;
  tone: "info" | "bad";
  action?: { label: string; run: () => void } | undefined;
  /** A later one about the same takes its place. */
  about?: string | undefined;
}

const LEAVE_MS = 6000;

let next = 0;
export const toasts = $state<Toast[]>([]);

/** Show `text`; failures stay twice as long. */
export function toast(
  text: string,
  tone: Toast["tone"] = "info",
  action?: Toast["action"],
  about?: Toast["about"],
): void {
  const id = ++next;
  const earlier = toasts.findIndex((one) => about !== undefined && one.about === about);
  if (earlier >= 0) toasts.splice(earlier, 1);
  toasts.push({ id, text, tone, action, about });
  setTimeout(() => dismiss(id), tone === "bad" || action ? LEAVE_MS * 2 : LEAVE_MS);
}

export function dismiss(id: number): void {
  const at = toasts.findIndex((one) => one.id === id);
  if (at >= 0) toasts.splice(at, 1);
}
