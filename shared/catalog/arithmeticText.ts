/** Numbers as text in shown arithmetic, the same on every host. */
import { bytesPerGib } from "../units/units.ts";

/** Bytes as GiB with two decimals: "79.25 GiB". */
export function gibText(bytes: number): string {
  return `${(bytes / bytesPerGib).toFixed(2)} GiB`;
}

/** Bytes as decimal gigabytes with one decimal: "70.6 GB". */
export function gbText(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
