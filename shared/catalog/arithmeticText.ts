/** Numbers as text in shown arithmetic, the same on every host. */
import { bytesPerGib } from "../units/units.ts";

/** 1234567 as "1,234,567"; the number is rounded to a whole one. */
export function groupDigits(value: number): string {
  const whole = String(Math.abs(Math.round(value)));
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return value < 0 && whole !== "0" ? `-${grouped}` : grouped;
}

/** Bytes as GiB with two decimals: "79.25 GiB". */
export function gibText(bytes: number): string {
  return `${(bytes / bytesPerGib).toFixed(2)} GiB`;
}

/** Bytes as decimal gigabytes with one decimal: "70.6 GB". */
export function gbText(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
