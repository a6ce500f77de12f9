/** WCAG 2.x contrast of two #rrggbb colours, 1..21; NaN where one of them is no such colour. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** `colour` darkened in small steps until white on it reads at `wanted`:1. */
export function darkenUntil(colour: string, wanted: number): string {
  let [red, green, blue] = channels(colour);
  while (contrast(hex(red, green, blue), "#ffffff") < wanted && red + green + blue > 0) {
    [red, green, blue] = [red * 0.96, green * 0.96, blue * 0.96];
  }
  return hex(red, green, blue);
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
