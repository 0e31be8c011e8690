/** The last measured rows of bench:long, kept with their day in bench/longRows.json. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Figure, Section } from "./harness.ts";

const file = join(import.meta.dirname, "longRows.json");

function readRows(): Figure[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Figure[]) : [];
}

/** A row for every figure of the long sections: as last measured, or as never measured. */
export function lastRows(sections: readonly Section[]): Figure[] {
  const rows = new Map(readRows().map((row) => [row.name, row]));
  const names = sections.flatMap(({ figures }) => figures);
  return names.map(
    (name) => rows.get(name) ?? { name, value: undefined, unit: "", bar: undefined, ok: false },
  );
}

/** Keeps new rows in place of those of the same names. */
export function storeRows(figures: readonly Figure[], day: string): void {
  const rows = new Map(readRows().map((row) => [row.name, row]));
  for (const figure of figures) {
    if (figure.value !== undefined) rows.set(figure.name, { ...figure, measuredOn: day });
  }
  writeFileSync(file, `${JSON.stringify([...rows.values()], undefined, 2)}\n`);
}
