import type { ChannelLook } from "@alongside/contract";

/** The accent, and what is written on it so that it can be read: the server says which. */
export function paint({ style }: HTMLElement, look: ChannelLook | null): void {
  style.setProperty("--accent", look?.accent ?? "");
  style.setProperty("--on-accent", look?.ink ?? "");
}
