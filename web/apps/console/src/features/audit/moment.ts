/** The day chosen in a field ("2026-03-01"), in the reader's own zone: its first moment, or that of the day after. */
export function momentOf(day: string, after = 0): string | null {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return null;
  return new Date(year, month - 1, date + after).toISOString();
}
