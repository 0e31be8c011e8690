/** What was looked up in a kept run and took a simulation: its table of requests, its flow, its distributions. Files named by their hash. */
import type { Migration } from "./migration.ts";

export const insights: Migration = {
  version: 20,
  sql: `
CREATE TABLE insight (
  input_hash TEXT NOT NULL,
  kind TEXT NOT NULL,
  blob_hash TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  made_ms INTEGER NOT NULL,
  PRIMARY KEY (input_hash, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX insight_by_age ON insight (made_ms DESC);
`,
};
