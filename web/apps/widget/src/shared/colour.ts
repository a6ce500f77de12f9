/** White where it reads well on `background` (#rrggbb), else black: at least 4.5 : 1 on any colour. */
export function foregroundOn(background: string): string {
  return 1.05 / (luminance(background) + 0.05) < 4.5 ? "#000" : "#fff";
}

/** Relative luminance as WCAG defines it, 0 to 1. */
export function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The colour if it is one we can reckon with, else our own. */
export function sound(colour: string): string {
  return /^#[0-9a-f]{6}$/i.test(colour) ? colour : "#2f6f4f";
}
