/** Which files of the library something still names: the database, its backups, and those that were put aside. */
import { type Db, type OpenOptions, openDatabase } from "./database.ts";

const columns = [
  ["scenario_version", "document_hash"],
  ["draft", "document_hash"],
  ["trace", "columns_hash"],
  ["run", "document_hash"],
  ["run", "report_hash"],
  ["study", "result_hash"],
  ["calibration", "document_hash"],
  ["insight", "blob_hash"],
] as const;

function addFrom(db: Db, hashes: Set<string>): void {
  const hasTable = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
  for (const [table, column] of columns) {
    // A backup of an older form lacks what came later, and names nothing in it.
    if (hasTable.get(table) === undefined) continue;
    for (const hash of db.prepare(`SELECT ${column} FROM ${table}`).pluck().iterate()) {
      hashes.add(String(hash));
    }
  }
}

/**
 * Names of every file that a database or one of the others refers to; undefined where one of the others cannot be read: then
 * nobody knows what it names, and nothing may be removed.
 */
export function referredBlobs(
  db: Db,
  others: readonly string[],
  options: OpenOptions,
): Set<string> | undefined {
  const hashes = new Set<string>();
  addFrom(db, hashes);
  for (const path of others) {
    try {
      const other = openDatabase(path, { ...options, isReadOnly: true });
      try {
        addFrom(other, hashes);
      } finally {
        other.close();
      }
    } catch {
      return undefined;
    }
  }
  return hashes;
}
