/** WCAG 2.x contrast of two #rrggbb colours, 1..21; NaN where one of them is no such colour. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** White where it reads well on `colour`, else black: on any colour one of them does (WCAG 1.4.3). */
export function textOn(colour: string): string {
  return contrast(colour, "#ffffff") >= 4.5 ? "#ffffff" : "#000000";
}

/** `colour`, moved away from `ground` just as far as `wanted`:1 needs. */
export function standingOut(colour: string, ground: string, wanted: number): string {
  const away = contrast(ground, "#000000") > contrast(ground, "#ffffff") ? 0 : 255;
  for (let percent = 0; percent <= 100; percent++) {
    const moved = channels(colour).map((part) => (part * (100 - percent) + away * percent) / 100);
    if (contrast(hex(...moved), ground) >= wanted) return hex(...moved);
  }
  return colour;
}

function channels(colour: string): [number, number, number] {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (!match) return [NaN, NaN, NaN];
  return [match[1], match[2], match[3]].map((part) => parseInt(part ?? "", 16)) as [number, number, number];
}

function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function hex(...parts: number[]): string {
  return "#" + parts.map((part) => Math.floor(part).toString(16).padStart(2, "0")).join("");
}
