/** Whole cents as people read them. */
import { groupDigits } from "../units/figureText.ts";

/** "1,234.56" for 123456; "-0.05" for -5. */
export function groupCents(cents: number): string {
  const size = Math.abs(cents);
  const rest = String(size % 100).padStart(2, "0");
  return `${cents < 0 ? "-" : ""}${groupDigits(Math.floor(size / 100))}.${rest}`;
}
