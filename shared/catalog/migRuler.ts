/** A MIG layout drawn on the memory slices of its GPU. */
import type { Gpu } from "../schema/catalog.ts";
import { findMigProfile } from "./memoryFit.ts";
import { memorySlicesPerGpu } from "./migPlacement.ts";

const sliceWidth = 11;

/** Two lines: the slices 0 to 7, and each instance over the slices it takes from its start; free slices are dotted. */
export function drawMigPlacement(
  gpu: Gpu,
  profiles: readonly string[],
  starts: readonly number[],
): string[] {
  const cells = Array.from({ length: memorySlicesPerGpu }, () => `|${".".repeat(sliceWidth - 1)}`);
  for (const [index, name] of profiles.entries()) {
    const slices = findMigProfile(gpu, name)!.memorySlices;
    const bar = `|${name}`.padEnd(slices * sliceWidth, "=");
    for (let slice = 0; slice < slices; slice++) {
      const from = slice * sliceWidth;
      cells[starts[index] + slice] = bar.slice(from, from + sliceWidth);
    }
  }
  const ruler = cells.map((_, slice) => ` ${slice}`.padEnd(sliceWidth)).join("");
  return [ruler.trimEnd(), `${cells.join("")}|`];
}
