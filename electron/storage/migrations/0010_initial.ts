/** The first form of the library. Documents, trace columns and results lie beside the database as files named by their hash; here are what lists show and what finds them. */
import type { Migration } from "./migration.ts";

export const initial: Migration = {
  version: 10,
  sql: `
CREATE TABLE scenario (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  tags TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  deleted_ms INTEGER,
  summary TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX scenario_by_update ON scenario (deleted_ms, updated_ms DESC);

CREATE TABLE scenario_version (
  scenario_id TEXT NOT NULL REFERENCES scenario (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  document_hash TEXT NOT NULL,
  saved_ms INTEGER NOT NULL,
  label TEXT,
  PRIMARY KEY (scenario_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
  scenario_id TEXT PRIMARY KEY REFERENCES scenario (id) ON DELETE CASCADE,
  base_version INTEGER NOT NULL,
  document_hash TEXT NOT NULL,
  saved_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE trace (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  options TEXT NOT NULL,
  columns_hash TEXT NOT NULL,
  rows INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  imported_ms INTEGER NOT NULL,
  summary TEXT NOT NULL,
  UNIQUE (sha256, options)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  id TEXT PRIMARY KEY,
  scenario_id TEXT REFERENCES scenario (id) ON DELETE CASCADE,
  input_hash TEXT NOT NULL,
  document_hash TEXT NOT NULL,
  engine TEXT NOT NULL,
  seed INTEGER NOT NULL,
  replications INTEGER NOT NULL,
  started_ms INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  figures TEXT NOT NULL,
  report_hash TEXT NOT NULL,
  run_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX run_by_scenario ON run (scenario_id, started_ms DESC);
CREATE INDEX run_by_input ON run (input_hash);

CREATE TABLE study (
  id TEXT PRIMARY KEY,
  scenario_id TEXT REFERENCES scenario (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  input_hash TEXT NOT NULL,
  engine TEXT NOT NULL,
  started_ms INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  figures TEXT NOT NULL,
  result_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX study_by_scenario ON study (scenario_id, started_ms DESC);

CREATE TABLE calibration (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  document_hash TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  summary TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
