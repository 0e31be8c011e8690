/** What was looked up in kept runs, by the hash of the run's inputs. */
import type { InsightRow } from "../../../shared/contract/libraryRows.ts";
import type { Db } from "../database.ts";

/** Bytes of all of them at most; the oldest are forgotten beyond. They can be made again. */
const mostBytes = 2e9;

/** Statements over the insight table. */
export function createInsightRepository(db: Db, limitBytes = mostBytes) {
  const put = db.prepare(
    `INSERT INTO insight (input_hash, kind, blob_hash, bytes, made_ms)
     VALUES (@inputHash, @kind, @blobHash, @bytes, @madeMs)
     ON CONFLICT (input_hash, kind) DO UPDATE SET
       blob_hash = excluded.blob_hash, bytes = excluded.bytes, made_ms = excluded.made_ms`,
  );
  const forget = db.prepare(
    `DELETE FROM insight WHERE (input_hash, kind) IN (
       SELECT input_hash, kind FROM (
         SELECT input_hash, kind, SUM(bytes) OVER (ORDER BY made_ms DESC, input_hash, kind) AS total
         FROM insight)
       WHERE total > ?)`,
  );
  const drop = db.prepare(
    "DELETE FROM insight WHERE input_hash NOT IN (SELECT input_hash FROM run)",
  );
  const one = db.prepare<[string, string], InsightRow>(
    `SELECT input_hash AS inputHash, kind, blob_hash AS blobHash, bytes, made_ms AS madeMs
     FROM insight WHERE input_hash = ? AND kind = ?`,
  );
  const putAndForget = db.transaction((row: InsightRow): void => {
    put.run(row);
    forget.run(limitBytes);
  });
  return {
    /** Keeps one in place of the last of its kind; the oldest of all go where there are too many bytes. */
    putInsight: (row: InsightRow): void => putAndForget.immediate(row),
    findInsight: (inputHash: string, kind: string): InsightRow | undefined =>
      one.get(inputHash, kind),
    /** Forgets those of runs that are no longer in the library. */
    dropStrayInsights: (): void => void drop.run(),
  };
}
