/** What the code that runs jobs is, as a hash: results that other code made are not this code's. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { engineVersion } from "../../shared/planning/engineVersion.ts";
import { workerEntry } from "./workerPool.ts";

/** Rooms of shared/ that a job can reach (scripts/layers/importRules.ts); importers, reports and contract are none. */
export const rooms: readonly string[] = [
  "units",
  "stats",
  "schema",
  "catalog",
  "sim",
  "workload",
  "serving",
  "cost",
  "planning",
];

/**
 * 64 hex digits that change with every change of the code behind a job's result, so that nobody has to remember to raise a
 * number: SHA-256 over engineVersion and the bytes of the built worker (which holds all that it runs), or, from sources,
 * of every source file of the rooms that a job can reach. The runtime is left out: results are the same on every Node.
 */
export function engineFingerprint(): string {
  const entry = fileURLToPath(workerEntry());
  if (entry.endsWith(".ts")) {
    return hashSources(fileURLToPath(new URL("../../shared", import.meta.url)));
  }
  return hashFiles([{ name: "worker", path: entry }]);
}

/** The fingerprint of the sources in a folder like shared/. */
export function hashSources(shared: string): string {
  return hashFiles(sourceFiles(shared));
}

function hashFiles(files: readonly SourceFile[]): string {
  const hash = createHash("sha256").update(`${engineVersion}\n`);
  for (const { name, path } of files) {
    const bytes = readFileSync(path);
    hash.update(`${name} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}

interface SourceFile {
  /** Path inside shared/ with forward slashes. */
  readonly name: string;
  readonly path: string;
}

function sourceFiles(shared: string): SourceFile[] {
  return rooms
    .flatMap((room) => filesBelow(join(shared, room)))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .map((path) => ({ name: relative(shared, path).split(sep).join("/"), path }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
