/** Imported traces. */

import type { TraceRow } from "../../../shared/contract/libraryRows.ts";
import type { Db } from "../database.ts";

const columns = `id, name, sha256, options, columns_hash AS columnsHash, rows, rejected, bytes,
  imported_ms AS importedMs, summary`;

type Raw = Omit<TraceRow, "options" | "summary"> & { options: string; summary: string };

function rowOf(raw: Raw): TraceRow {
  return {
    ...raw,
    options: JSON.parse(raw.options) as unknown,
    summary: JSON.parse(raw.summary) as unknown,
  };
}

/** Statements over the trace table. */
export function createTraceRepository(db: Db) {
  const list = db.prepare<[], Raw>(`SELECT ${columns} FROM trace ORDER BY imported_ms DESC, id`);
  const one = db.prepare<[string], Raw>(`SELECT ${columns} FROM trace WHERE id = ?`);
  const byFile = db.prepare<[string], Raw>(
    `SELECT ${columns} FROM trace WHERE sha256 = ? ORDER BY imported_ms DESC, id`,
  );
  const put = db.prepare(
    `INSERT INTO trace (id, name, sha256, options, columns_hash, rows, rejected, bytes, imported_ms, summary)
     VALUES (@id, @name, @sha256, @options, @columnsHash, @rows, @rejected, @bytes, @importedMs, @summary)
     ON CONFLICT (sha256, options) DO UPDATE SET name = excluded.name, columns_hash = excluded.columns_hash,
       rows = excluded.rows, rejected = excluded.rejected, summary = excluded.summary
     RETURNING id`,
  );
  const rename = db.prepare("UPDATE trace SET name = @name WHERE id = @id");
  const erase = db.prepare("DELETE FROM trace WHERE id = ?");
  return {
    listTraces: (): TraceRow[] => list.all().map(rowOf),
    getTrace(id: string): TraceRow | undefined {
      const raw = one.get(id);
      return raw && rowOf(raw);
    },
    /** The same bytes, however they were read; the newest import first. */
    findTraces: (sha256: string): TraceRow[] => byFile.all(sha256).map(rowOf),
    /** The same file read in the same way is one trace: its id is returned. */
    putTrace(row: TraceRow): string {
      const texts = { options: JSON.stringify(row.options), summary: JSON.stringify(row.summary) };
      return (put.get({ ...row, ...texts }) as { id: string }).id;
    },
    renameTrace: (id: string, name: string): boolean => rename.run({ id, name }).changes > 0,
    eraseTrace: (id: string): boolean => erase.run(id).changes > 0,
  };
}
