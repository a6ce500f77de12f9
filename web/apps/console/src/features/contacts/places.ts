/** "Austria", "Vienna, Austria": where a visit began, as far as it is known. */
export function placeName(at: { country: string | null; city: string | null }, tag: string): string {
  return [at.city, at.country ? countryName(at.country, tag) : null].filter(Boolean).join(", ");
}

/** What a country is called; its two letters where the browser knows no name. */
export function countryName(code: string, tag: string): string {
  try {
    return new Intl.DisplayNames(tag, { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}
