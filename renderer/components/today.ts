/** The day on which a person changes something, for provenance. */

/** Like 2026-11-26, in the machine's own time zone. */
export function today(): string {
  const now = new Date();
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
